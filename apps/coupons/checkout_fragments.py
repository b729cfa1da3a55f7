"""What checkouts write of coupons: many at once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from apps.coupons.core.life import Coupon
from apps.kernel.fragments import Columns, Fragment, rows_fragment

_COUPONS = """UPDATE coupons_coupon c SET state = u.state, wallet_id = u.wallet, promotion_id = u.promotion,
 expires_at = u.expires, allocated_at = u.allocated, used_at = u.used, used_by = u.used_by,
 reserved_until = u.reserved, reserved_by = u.reserved_by, last_step = u.step FROM {rows}
 WHERE c.brand_id = %(brand)s AND c.id = u.id"""
_COUPON_COLUMNS: Columns = (
    ("id", "bigint"),
    ("state", "smallint"),
    ("wallet", "bigint"),
    ("promotion", "text"),
    ("expires", "timestamptz"),
    ("allocated", "timestamptz"),
    ("used", "timestamptz"),
    ("used_by", "uuid"),
    ("reserved", "timestamptz"),
    ("reserved_by", "uuid"),
    ("step", "int"),
)

_STEPS = """INSERT INTO coupons_couponstep (brand_id, coupon_id, no, operation_id, action, state)
 SELECT %(brand)s, u.id, u.step, %(operation)s, %(action)s, u.state FROM {rows}"""
_STEP_COLUMNS: Columns = (("id", "bigint"), ("step", "int"), ("state", "smallint"))


def step_coupons(
    name: str, *, brand_id: int, operation_id: UUID, coupons: Sequence[Coupon], action: str
) -> list[Fragment]:
    """Coupons (locked by the call) as they are after their last step, and that step of each. Tags and allowed cards
    stay. `name` tells the fragments of one call apart."""
    if not coupons:
        return []
    columns: dict[str, list[Any]] = {
        "id": [each.id for each in coupons],
        "state": [int(each.state) for each in coupons],
        "wallet": [each.wallet_id for each in coupons],
        "promotion": [each.promotion_id for each in coupons],
        "expires": [each.expires_at for each in coupons],
        "allocated": [each.allocated_at for each in coupons],
        "used": [each.used_at for each in coupons],
        "used_by": [each.used_by for each in coupons],
        "reserved": [each.reserved_until for each in coupons],
        "reserved_by": [each.reserved_by for each in coupons],
        "step": [each.last_step for each in coupons],
    }
    steps = {key: columns[key] for key in ("id", "step", "state")}
    head = {"brand": brand_id, "operation": operation_id, "action": action}
    return [
        rows_fragment(name, _COUPONS, _COUPON_COLUMNS, columns, {"brand": brand_id}),
        rows_fragment(f"{name}_steps", _STEPS, _STEP_COLUMNS, steps, head),
    ]
