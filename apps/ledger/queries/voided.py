"""Which operations were voided."""

from collections.abc import Sequence
from uuid import UUID

from apps.kernel.db.hot import Cursor

_VOIDED = "SELECT operation_id FROM ledger_void WHERE brand_id = %(brand)s AND operation_id = ANY(%(ids)s)"


def voided_among(cursor: Cursor, *, brand_id: int, ids: Sequence[UUID]) -> set[UUID]:
    """Those of `ids` that were voided."""
    return {row[0] for row in cursor.execute(_VOIDED, {"brand": brand_id, "ids": list(ids)})}
