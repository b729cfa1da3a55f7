"""Reading entries of operations."""

from collections.abc import Sequence
from uuid import UUID

from apps.kernel.db.hot import Cursor
from apps.ledger.core.lots import PastEntry

# LEFT, though each entry has its lot: while the tables were small the planner would begin with all lots of the brand,
# and keep that plan until they are analysed again.
_ENTRIES = """SELECT e.wallet_id, e.seq, e.lot_no, e.value_type_id, e.hold_id, e.kind, e.amount, l.return_related,
 l.expires_at, l.active_at, e.mutation_no, e.operation_id
 FROM ledger_entry e LEFT JOIN ledger_lot l ON (l.brand_id, l.wallet_id, l.no) = (e.brand_id, e.wallet_id, e.lot_no)
 WHERE e.brand_id = %(brand)s AND e.operation_id = ANY(%(operations)s) AND e.mutation_no > 0
 ORDER BY e.wallet_id, e.seq"""


def entries_of(cursor: Cursor, *, brand_id: int, operation_ids: Sequence[UUID]) -> dict[UUID, list[PastEntry]]:
    """What each operation moved, in the order of posting, without what it merely settled."""
    found: dict[UUID, list[PastEntry]] = {operation_id: [] for operation_id in operation_ids}
    rows = cursor.execute(_ENTRIES, {"brand": brand_id, "operations": list(operation_ids)})
    for *entry, operation_id in rows:
        found[operation_id].append(PastEntry(*entry))
    return found
