"""Whether calls can still be voided: what was voided, and what a return stands in the way of."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.kernel.db.hot import Cursor

# A return stands in the way of its checkout, and of the redemptions that it gave back.
_READ = """SELECT u.id,
 EXISTS (SELECT FROM ledger_void v WHERE v.brand_id = %(brand)s AND v.operation_id = u.id),
 coalesce(r.ids, '{}'), coalesce(r.blocks, false),
 EXISTS (SELECT FROM checkouts_return o WHERE o.brand_id = %(brand)s AND o.operation_id = u.id AND (o.total > 0
  OR EXISTS (SELECT FROM checkouts_returnline n WHERE n.brand_id = o.brand_id AND n.operation_id = o.operation_id)))
 FROM unnest(%(ids)s::uuid[]) u (id)
 LEFT JOIN LATERAL (SELECT array_agg(x.operation_id), bool_or((x.reversed_payments OR x.is_of_call)
   AND NOT EXISTS (SELECT FROM ledger_void v WHERE v.brand_id = %(brand)s AND v.operation_id = x.operation_id))
  FROM (SELECT b.operation_id, b.reversed_payments, true FROM checkouts_return b
    WHERE b.brand_id = %(brand)s AND b.checkout_operation_id = u.id
   UNION ALL SELECT b.operation_id, b.reversed_payments, false FROM checkouts_payment p
    JOIN checkouts_return b ON b.brand_id = p.brand_id AND b.checkout_operation_id = p.operation_id
    WHERE p.brand_id = %(brand)s AND p.paid_by_operation_id = u.id AND NOT p.released
  ) x (operation_id, reversed_payments, is_of_call)) r (ids, blocks) ON true"""


@dataclass(frozen=True, slots=True)
class Standing:
    """One call. `return_ids` are all returns, voided ones too, of the checkout that the call was or that it paid for;
    `is_returned`: one of them still stands and undid something of the call, or may have. `returns_goods`: the call was
    itself a return, of something."""

    is_voided: bool
    return_ids: tuple[UUID, ...]
    is_returned: bool
    returns_goods: bool


def standing_of(cursor: Cursor, *, brand_id: int, ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """How calls stand, by their ids. One statement."""
    rows = cursor.execute(_READ, {"brand": brand_id, "ids": list(ids)})
    return {id: Standing(is_voided, tuple(return_ids), *rest) for id, is_voided, return_ids, *rest in rows}
