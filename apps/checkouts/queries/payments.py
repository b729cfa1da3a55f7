"""Reading payments of checkouts."""

from collections.abc import Sequence
from uuid import UUID

from apps.requestlog.unit import Cursor

_REFERENCED = """SELECT paid_by_operation_id FROM checkouts_payment WHERE brand_id = %(brand)s
 AND operation_id = %(operation)s AND paid_by_operation_id IS NOT NULL AND NOT released ORDER BY no"""

_IN_USE = """SELECT paid_by_operation_id FROM checkouts_payment WHERE brand_id = %(brand)s
 AND paid_by_operation_id = ANY(%(ids)s) AND NOT released"""


def referenced_payments(cursor: Cursor, *, brand_id: int, checkout_id: UUID) -> list[UUID]:
    """The updateBalance calls that paid for a checkout."""
    rows = cursor.execute(_REFERENCED, {"brand": brand_id, "operation": checkout_id})
    return [row[0] for row in rows]


def payments_in_use(cursor: Cursor, *, brand_id: int, ids: Sequence[UUID]) -> set[UUID]:
    """Those of `ids` that already pay for a checkout."""
    return {row[0] for row in cursor.execute(_IN_USE, {"brand": brand_id, "ids": list(ids)})}
