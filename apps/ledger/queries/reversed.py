"""What returns did about entries of the checkouts that they are returns of."""

from collections.abc import Collection
from uuid import UUID

from apps.kernel.db.hot import Cursor
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.returns import Reversed

# A voided return did nothing, but for what its void could not take again.
_REVERSED = f"""SELECT r.wallet_id, r.reverses_seq, sum(r.amount + coalesce(v.amount, 0))
 FROM ledger_entry r LEFT JOIN LATERAL (SELECT sum(x.amount) FROM ledger_void d
   JOIN ledger_entry x ON x.brand_id = d.brand_id AND x.operation_id = d.by_operation_id
    AND x.wallet_id = r.wallet_id AND x.reverses_seq = r.seq
   WHERE d.brand_id = r.brand_id AND d.operation_id = r.operation_id) v (amount) ON true
 WHERE r.brand_id = %(brand)s AND r.operation_id = ANY(%(returns)s) AND r.kind = {int(EntryKind.RETURN)}
 GROUP BY r.wallet_id, r.reverses_seq"""


def reversed_by(cursor: Cursor, *, brand_id: int, return_ids: Collection[UUID]) -> Reversed:
    """What these returns undid, voids of theirs deducted. No statement where there are none."""
    if not return_ids:
        return {}
    rows = cursor.execute(_REVERSED, {"brand": brand_id, "returns": list(return_ids)})
    return {(wallet_id, seq): amount for wallet_id, seq, amount in rows}
