"""Add coupons with unguessable codes to a set."""

import secrets
from collections.abc import Callable, Sequence

from django.db import transaction
from psycopg.errors import UniqueViolation

from apps.coupons.core.coupon_file import NewCoupon
from apps.coupons.core.patterns import check_pattern, code_of, possible
from apps.coupons.models import Coupon, CouponSet
from apps.coupons.operations.insert_coupons import insert_coupons
from apps.coupons.queries.taken_codes import taken_codes
from apps.kernel.db.hot import Cursor, hot_cursor
from apps.kernel.errors import InvalidInput

BATCH = 10_000
ATTEMPTS = 3


def generate_coupons(
    *,
    coupon_set: CouponSet,
    count: int,
    tags: Sequence[str] = (),
    batch: int = BATCH,
    progress: Callable[[int], None] = lambda made: None,
) -> int:
    """Make `count` coupons by the set's pattern; returns how many were made, and calls `progress` with it after each
    batch.

    A batch is made as a whole or not at all, so an interrupted run leaves complete coupons; another run adds others. 9
    for a set without pattern, and where the pattern makes too few codes for what the set then holds.
    """
    if count < 1:
        raise InvalidInput("At least one coupon must be made.")
    if not coupon_set.pattern:
        raise InvalidInput(f"The coupon set {coupon_set.code!r} has no pattern: load its coupons from a file.")
    present = Coupon.objects.filter(brand_id=coupon_set.brand_id, set_id=coupon_set.pk).count()
    check_pattern(coupon_set.pattern, count=present + count)
    made = 0
    while made < count:
        size = min(batch, count - made)
        _make_batch(coupon_set, size, tuple(tags))
        made += size
        progress(made)
    return made


def _make_batch(coupon_set: CouponSet, size: int, tags: tuple[str, ...]) -> None:
    """Make one batch; again if somebody else gave one of its codes to a coupon at the same moment."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                cursor = hot_cursor()
                codes = _free_codes(cursor, coupon_set, size)
                insert_coupons(cursor, coupon_set=coupon_set, coupons=[NewCoupon(code, tags) for code in codes])
            return
        except UniqueViolation:
            if attempt == ATTEMPTS:
                raise


def _free_codes(cursor: Cursor, coupon_set: CouponSet, size: int) -> list[str]:
    """So many different random codes that no coupon of the brand has."""
    codes: set[str] = set()
    below = possible(coupon_set.pattern)
    while len(codes) < size:
        drawn = {code_of(coupon_set.pattern, secrets.randbelow(below)) for _ in range(size - len(codes))}
        codes |= drawn - taken_codes(cursor, brand_id=coupon_set.brand_id, codes=list(drawn))
    return list(codes)
