"""The coupons' parts of the one write statement."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from apps.coupons.core.life import TRANSFER, Action, Coupon
from apps.kernel.fragments import Fragment, rows_fragment

_UPDATE = """UPDATE coupons_coupon SET state = %(state)s, tags = %(tags)s, allowed_cards = %(allowed)s,
 wallet_id = %(wallet)s, promotion_id = %(promotion)s, expires_at = %(expires)s, allocated_at = %(allocated)s,
 used_at = %(used)s, used_by = %(used_by)s, reserved_until = %(reserved)s, reserved_by = %(reserved_by)s,
 last_step = %(step)s WHERE brand_id = %(brand)s AND id = %(id)s"""

_CREATE = """INSERT INTO coupons_coupon (brand_id, id, set_id, code, shuffle, state, tags, allowed_cards, wallet_id,
 promotion_id, expires_at, allocated_at, used_at, used_by, reserved_until, reserved_by, last_step)
 VALUES (%(brand)s, %(id)s, %(set)s, %(code)s, %(shuffle)s, %(state)s, %(tags)s, %(allowed)s, %(wallet)s,
 %(promotion)s, %(expires)s, %(allocated)s, %(used)s, %(used_by)s, %(reserved)s, %(reserved_by)s, %(step)s)"""

# Which coupons a card may use does not depend on which it was given; a coupon can be found both ways. Two transfers may
# find the same ones: they are locked in the order of their ids. Arrays, not joins: of a row that somebody else has just
# changed, PostgreSQL would ask once more whether it is joined, and may lose it over that.
_MOVE = """UPDATE coupons_coupon c SET
 wallet_id = coalesce((SELECT u.target FROM {rows} WHERE u.source = c.wallet_id), c.wallet_id),
 allowed_cards = array_replace(c.allowed_cards, %(old)s, %(new)s), last_step = c.last_step + 1
 WHERE c.brand_id = %(brand)s AND c.id = ANY(ARRAY(
  SELECT o.id FROM coupons_coupon o WHERE o.brand_id = %(brand)s AND o.id = ANY(ARRAY(
   SELECT g.id FROM {rows} JOIN coupons_coupon g ON g.brand_id = %(brand)s AND g.wallet_id = u.source
   UNION ALL SELECT a.id FROM coupons_coupon a
   WHERE a.brand_id = %(brand)s AND a.allowed_cards <> '{}' AND a.allowed_cards @> ARRAY[%(old)s::text]))
  ORDER BY o.id FOR NO KEY UPDATE OF o)) RETURNING c.brand_id, c.id, c.last_step, c.state"""
_MOVE_STEPS = """INSERT INTO coupons_couponstep (brand_id, coupon_id, no, operation_id, action, state)
 SELECT m.brand_id, m.id, m.last_step, %(operation)s, %(action)s, m.state FROM moved_coupons m"""

_STEP = """INSERT INTO coupons_couponstep (brand_id, coupon_id, no, operation_id, action, state)
 VALUES (%(brand)s, %(id)s, %(step)s, %(operation)s, %(action)s, %(state)s)"""


def move_coupons(
    *, brand_id: int, operation_id: UUID, targets: Mapping[int, int], old_number: str, new_number: str
) -> list[Fragment]:
    """Coupons that some cards were given go over to others; those that only certain cards may use, the old one among
    them, the new one may use in its place. That is a step of each of them."""
    pairs = {"source": list(targets), "target": list(targets.values())}
    head = {"brand": brand_id, "old": old_number, "new": new_number}
    return [
        rows_fragment("moved_coupons", _MOVE, (("source", "bigint"), ("target", "bigint")), pairs, head),
        Fragment("moved_coupon_steps", _MOVE_STEPS, {"brand": brand_id, "operation": operation_id, "action": TRANSFER}),
    ]


def write_coupon(*, brand_id: int, operation_id: UUID, coupon: Coupon, action: Action) -> list[Fragment]:
    """A coupon as it is after its last step, and that step."""
    return [
        Fragment("coupon", _UPDATE, _columns(brand_id, coupon)),
        _step(brand_id, operation_id, coupon, action),
    ]


def create_coupon(*, brand_id: int, operation_id: UUID, coupon: Coupon, action: Action, shuffle: int) -> list[Fragment]:
    """A coupon that did not exist, after its first step, and that step."""
    columns = _columns(brand_id, coupon) | {"set": coupon.set_id, "code": coupon.code, "shuffle": shuffle}
    return [Fragment("coupon", _CREATE, columns), _step(brand_id, operation_id, coupon, action)]


def _columns(brand_id: int, coupon: Coupon) -> dict[str, Any]:
    return {
        "brand": brand_id,
        "id": coupon.id,
        "state": int(coupon.state),
        "tags": list(coupon.tags),
        "allowed": list(coupon.allowed_cards),
        "wallet": coupon.wallet_id,
        "promotion": coupon.promotion_id,
        "expires": coupon.expires_at,
        "allocated": coupon.allocated_at,
        "used": coupon.used_at,
        "used_by": coupon.used_by,
        "reserved": coupon.reserved_until,
        "reserved_by": coupon.reserved_by,
        "step": coupon.last_step,
    }


def _step(brand_id: int, operation_id: UUID, coupon: Coupon, action: Action) -> Fragment:
    return Fragment(
        "coupon_step",
        _STEP,
        {
            "brand": brand_id,
            "id": coupon.id,
            "step": coupon.last_step,
            "operation": operation_id,
            "action": action.value,
            "state": int(coupon.state),
        },
    )
