"""The read statement of coupons: the brand's clock, the coupon, its set, and what a card was given of both."""

from dataclasses import dataclass

from apps.coupons.core.life import Coupon
from apps.coupons.core.states import CouponState
from apps.coupons.core.terms import SetTerms
from apps.kernel.db.hot import Cursor

# A set that was asked for counts also where the coupon is of another one.
_READ = f"""SELECT k.config, s.id, s.code, s.is_active, s.expires_at, s.lifetime_days, s.limit_per_card,
 CASE WHEN s.limit_per_card IS NULL OR %(wallet)s::bigint IS NULL THEN 0 ELSE
  (SELECT count(*) FROM coupons_coupon g WHERE g.brand_id = k.brand_id AND g.wallet_id = %(wallet)s
   AND g.set_id = s.id AND g.state <> {int(CouponState.DISABLED)}) END,
 EXISTS (SELECT FROM coupons_coupon g WHERE g.brand_id = k.brand_id AND g.wallet_id = %(wallet)s
  AND g.promotion_id = %(promotion)s AND g.state <> {int(CouponState.DISABLED)}),
 c.id, c.set_id, c.code, c.state, c.tags, c.allowed_cards, c.wallet_id, c.promotion_id, c.expires_at, c.allocated_at,
 c.used_at, c.used_by, c.reserved_until, c.reserved_by, c.last_step
 FROM brands_clock k LEFT JOIN coupons_coupon c ON c.brand_id = k.brand_id AND {{which}}
 LEFT JOIN coupons_couponset s ON s.brand_id = k.brand_id AND s.id = CASE WHEN %(set)s::text IS NULL THEN c.set_id
  ELSE (SELECT x.id FROM coupons_couponset x WHERE x.brand_id = k.brand_id AND x.code = %(set)s) END
 WHERE k.brand_id = %(brand)s"""
_BY_ID = _READ.format(which="c.id = %(coupon)s")
_BY_CODE = _READ.format(which="c.code = %(coupon)s")
_NEXT = "SELECT nextval('coupons_coupon_id_seq')"


@dataclass(frozen=True, slots=True)
class CouponRead:
    """`terms` are those of the set that was asked for, else of the coupon's; None if there is no such set.

    `given_of_set` counts what the card was ever given out of that set (0 where the set has no limit);
    `has_promotion`: whether it was ever given a coupon of that promotion. Both leave out those that were disabled.
    """

    config: int
    terms: SetTerms | None
    given_of_set: int
    has_promotion: bool
    coupon: Coupon | None


def read_coupon(
    cursor: Cursor,
    *,
    brand_id: int,
    coupon: int | str | None,
    set_code: str | None = None,
    wallet_id: int | None = None,
    promotion_id: str | None = None,
) -> CouponRead:
    """Read after the lock, or without one. `coupon` is an id or a code, None where none was found."""
    params = {
        "brand": brand_id,
        "coupon": coupon,
        "set": set_code,
        "wallet": wallet_id,
        "promotion": promotion_id,
    }
    row = cursor.execute(_BY_CODE if isinstance(coupon, str) else _BY_ID, params, binary=True).fetchone()
    assert row is not None, "the brand has no clock"
    terms = SetTerms(*row[1:7]) if row[1] is not None else None
    found = None
    if row[9] is not None:
        coupon_id, set_id, code, state, tags, allowed_cards, *rest = row[9:]
        found = Coupon(coupon_id, set_id, code, CouponState(state), tuple(tags), tuple(allowed_cards), *rest)
    return CouponRead(row[0], terms, row[7], row[8], found)


def next_coupon_id(cursor: Cursor) -> int:
    """The id of a coupon that is to be created."""
    row = cursor.execute(_NEXT).fetchone()
    assert row is not None
    coupon_id: int = row[0]
    return coupon_id
