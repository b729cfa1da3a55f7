"""The coupons of a locking setup: those that it keeps, and those that it allocated."""

from uuid import UUID

from apps.coupons.core.life import Coupon
from apps.coupons.core.states import CouponState
from apps.coupons.queries.lock_coupon import waiting
from apps.kernel.db.hot import Cursor

_LOCK = """SELECT c.id FROM coupons_coupon c WHERE c.brand_id = %(brand)s AND c.id = ANY(ARRAY(
  SELECT s.coupon_id FROM coupons_couponstep s WHERE s.brand_id = %(brand)s AND s.operation_id = %(setup)s))
 ORDER BY c.id FOR NO KEY UPDATE OF c"""

_READ = """SELECT c.id, c.set_id, c.code, c.state, c.tags, c.allowed_cards, c.wallet_id, c.promotion_id, c.expires_at,
 c.allocated_at, c.used_at, c.used_by, c.reserved_until, c.reserved_by, c.last_step
 FROM coupons_coupon c WHERE c.brand_id = %(brand)s AND c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id"""


def setup_coupons(cursor: Cursor, *, brand_id: int, setup_id: UUID) -> list[Coupon]:
    """Lock and read all coupons that a setup touched. 26 if another call keeps one for too long. Two statements, one
    where there are none."""
    with waiting():
        ids = [row[0] for row in cursor.execute(_LOCK, {"brand": brand_id, "setup": setup_id}).fetchall()]
    if not ids:
        return []
    rows = cursor.execute(_READ, {"brand": brand_id, "ids": ids}, binary=True).fetchall()
    return [_coupon(*row) for row in rows]


def _coupon(
    coupon_id: int, set_id: int, code: str, state: int, tags: list[str], allowed_cards: list[str], *rest: object
) -> Coupon:
    return Coupon(coupon_id, set_id, code, CouponState(state), tuple(tags), tuple(allowed_cards), *rest)  # type: ignore[arg-type]
