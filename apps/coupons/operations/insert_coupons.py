"""Add free coupons to a set."""

import secrets
from collections.abc import Sequence

from apps.coupons.core.coupon_file import NewCoupon
from apps.coupons.core.states import CouponState
from apps.coupons.models import CouponSet
from apps.coupons.queries.lock_coupon import SHUFFLES
from apps.kernel.db.copying import copy_rows
from apps.kernel.db.hot import Cursor

_COLUMNS = ("brand_id", "set_id", "state", "last_step", "shuffle", "code", "tags", "allowed_cards", "expires_at")


def insert_coupons(cursor: Cursor, *, coupon_set: CouponSet, coupons: Sequence[NewCoupon]) -> None:
    """Append the coupons, inside the caller's transaction. A code that is taken is a unique violation."""
    free = (coupon_set.brand_id, coupon_set.pk, int(CouponState.FREE), 0)
    rows = (
        (*free, secrets.randbelow(SHUFFLES), each.code, list(each.tags), list(each.allowed_cards), each.expires_at)
        for each in coupons
    )
    copy_rows(cursor, "coupons_coupon", _COLUMNS, rows)
