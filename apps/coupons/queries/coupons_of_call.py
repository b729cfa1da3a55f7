"""The coupons that one call made a step of: locked, then read."""

from uuid import UUID

from apps.coupons.core.life import Coupon
from apps.coupons.core.returned import TouchedCoupon
from apps.coupons.core.states import CouponState
from apps.coupons.queries.lock_coupon import waiting
from apps.kernel.db.hot import Cursor

_LOCK = """SELECT c.id FROM coupons_coupon c WHERE c.brand_id = %(brand)s AND c.id = ANY(ARRAY(
  SELECT s.coupon_id FROM coupons_couponstep s WHERE s.brand_id = %(brand)s AND s.operation_id = %(operation)s))
 ORDER BY c.id FOR NO KEY UPDATE OF c"""

# Given out by this call: from the set at once, or one that its setup had given out disabled. A coupon that was only
# let go of was reserved before.
_READ = f"""SELECT (SELECT coalesce(bool_or(s.state = {int(CouponState.ALLOCATED)}
   AND coalesce(p.state, {int(CouponState.FREE)}) IN ({int(CouponState.FREE)}, {int(CouponState.DISABLED)})), false)
  FROM coupons_couponstep s
  LEFT JOIN coupons_couponstep p ON p.brand_id = s.brand_id AND p.coupon_id = s.coupon_id AND p.no = s.no - 1
  WHERE s.brand_id = c.brand_id AND s.coupon_id = c.id AND s.operation_id = %(operation)s),
 c.id, c.set_id, c.code, c.state, c.tags, c.allowed_cards, c.wallet_id, c.promotion_id, c.expires_at, c.allocated_at,
 c.used_at, c.used_by, c.reserved_until, c.reserved_by, c.last_step
 FROM coupons_coupon c WHERE c.brand_id = %(brand)s AND c.id = ANY(%(ids)s) ORDER BY c.id"""


def lock_coupons_of_call(cursor: Cursor, *, brand_id: int, operation_id: UUID) -> list[TouchedCoupon]:
    """All of them, locked in the order of their ids. 26 if another call keeps one for too long. One statement, and one
    more where there are any."""
    params = {"brand": brand_id, "operation": operation_id}
    with waiting():
        ids = [row[0] for row in cursor.execute(_LOCK, params)]
    if not ids:
        return []
    return [
        TouchedCoupon(_coupon(*coupon), is_issued)
        for is_issued, *coupon in cursor.execute(_READ, params | {"ids": ids}, binary=True)
    ]


def _coupon(id: int, set_id: int, code: str, state: int, tags: list[str], allowed: list[str], *rest: object) -> Coupon:
    return Coupon(id, set_id, code, CouponState(state), tuple(tags), tuple(allowed), *rest)  # type: ignore[arg-type]
