"""Reading payments of checkouts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.kernel.db.hot import Cursor
from apps.ledger.core.kinds import EntryKind
from apps.requestlog.core.kinds import CallType

_REFERENCED = """SELECT paid_by_operation_id FROM checkouts_payment WHERE brand_id = %(brand)s
 AND operation_id = %(operation)s AND paid_by_operation_id IS NOT NULL AND NOT released ORDER BY no"""

_PAYING = """SELECT o.id, o.call_type, o.family_id, e.value_type_id, e.redeemed,
 EXISTS (SELECT FROM ledger_void v WHERE v.brand_id = o.brand_id AND v.operation_id = o.id),
 EXISTS (SELECT FROM checkouts_payment p
  WHERE p.brand_id = o.brand_id AND p.paid_by_operation_id = o.id AND NOT p.released)
 FROM requestlog_operation o LEFT JOIN LATERAL (
  SELECT min(x.value_type_id), -sum(x.amount) FROM ledger_entry x
  WHERE x.brand_id = o.brand_id AND x.operation_id = o.id AND x.kind = %(redeem)s AND x.mutation_no > 0
 ) e (value_type_id, redeemed) ON true
 WHERE o.brand_id = %(brand)s AND o.id = ANY(%(ids)s)"""


@dataclass(frozen=True, slots=True)
class PayingCall:
    """A call that a payment refers to. `value_type_id` and `redeemed` are None where it redeemed nothing."""

    id: UUID
    call_type: CallType
    family_id: int | None
    value_type_id: int | None
    redeemed: Decimal | None
    is_voided: bool
    is_used: bool


def referenced_payments(cursor: Cursor, *, brand_id: int, checkout_id: UUID) -> list[UUID]:
    """The updateBalance calls that paid for a checkout."""
    rows = cursor.execute(_REFERENCED, {"brand": brand_id, "operation": checkout_id})
    return [row[0] for row in rows]


def paying_calls(cursor: Cursor, *, brand_id: int, ids: Sequence[UUID]) -> dict[UUID, PayingCall]:
    """What there is to know of the calls that payments refer to, in one statement; unknown ones are left out."""
    rows = cursor.execute(_PAYING, {"brand": brand_id, "ids": list(ids), "redeem": int(EntryKind.REDEEM)})
    return {row[0]: PayingCall(row[0], CallType(row[1]), *row[2:]) for row in rows}
