"""The coupons that cards may still use, as a search shows them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from apps.kernel.db.hot import Cursor

SHOWN = 20
"""So many coupons of a card are shown at most."""

_ACTIVE = """SELECT w.id, c.code, c.allocated_at, c.expires_at
 FROM unnest(%(wallets)s::bigint[]) w (id)
 CROSS JOIN LATERAL (SELECT o.code, o.allocated_at, o.expires_at, o.id FROM coupons_coupon o
  WHERE o.brand_id = %(brand)s AND o.wallet_id = w.id AND o.state IN (2, 3)
  AND (o.expires_at IS NULL OR o.expires_at > %(at)s)
  ORDER BY o.expires_at NULLS LAST, o.id LIMIT %(limit)s) c
 ORDER BY w.id, c.expires_at NULLS LAST, c.id"""


@dataclass(frozen=True, slots=True)
class CouponSeen:
    """A coupon that a card was given and that was not used yet; it therefore has no date of redemption.

    `expires_at` is None where it does not expire.
    """

    code: str
    issued_at: datetime
    expires_at: datetime | None


def coupons_of(
    cursor: Cursor, *, brand_id: int, wallet_ids: Collection[int], at: datetime, limit: int = SHOWN
) -> dict[int, list[CouponSeen]]:
    """The active coupons of these wallets, by wallet: allocated or reserved, not used, disabled or expired at `at`.

    Those that expire first come first; of each wallet at most `limit`. A wallet without such coupons is not in it.
    """
    if not wallet_ids:
        return {}
    params = {"brand": brand_id, "wallets": list(wallet_ids), "at": at, "limit": limit}
    found: dict[int, list[CouponSeen]] = {}
    for wallet_id, *coupon in cursor.execute(_ACTIVE, params, binary=True).fetchall():
        found.setdefault(wallet_id, []).append(CouponSeen(*coupon))
    return found
