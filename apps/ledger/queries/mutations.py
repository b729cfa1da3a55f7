"""Reading what operations moved, for answers."""

from collections.abc import Collection
from uuid import UUID

from apps.kernel.db.hot import Cursor
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.moved import Moved

# LEFT, though each entry has its lot: while the tables were small the planner would begin with all lots of the brand,
# and keep that plan until they are analysed again.
_MOVED = f"""SELECT e.operation_id, e.mutation_no, e.value_type_id, e.hold_id IS NOT NULL, e.wallet_id, e.amount,
 l.expires_at, l.active_at
 FROM ledger_entry e LEFT JOIN ledger_lot l ON (l.brand_id, l.wallet_id, l.no) = (e.brand_id, e.wallet_id, e.lot_no)
 WHERE e.brand_id = %(brand)s AND e.operation_id = ANY(%(operations)s) AND e.mutation_no > 0
 AND e.kind <> {int(EntryKind.RECLASSIFY)}
 ORDER BY e.wallet_id, e.seq"""


def mutations_of(cursor: Cursor, *, brand_id: int, operation_ids: Collection[UUID]) -> dict[UUID, list[Moved]]:
    """What each operation moved, in the order of posting, without what it merely settled and what it only
    entered for another owner. One statement."""
    found: dict[UUID, list[Moved]] = {operation_id: [] for operation_id in operation_ids}
    if found:
        for operation_id, *entry in cursor.execute(_MOVED, {"brand": brand_id, "operations": list(found)}):
            found[operation_id].append(Moved(*entry))
    return found
