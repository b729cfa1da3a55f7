"""Reading operations."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.kernel.db.hot import Cursor
from apps.requestlog.core.kinds import CallType

_FIND = """SELECT id, call_type, family_id, child_id FROM requestlog_operation
 WHERE brand_id = %(brand)s AND id = ANY(%(ids)s)"""


@dataclass(frozen=True, slots=True)
class FoundOperation:
    """What kind of operation it was, on which card's family, and on which child card's wallet if it was a child's."""

    id: UUID
    call_type: CallType
    family_id: int | None
    child_id: int | None


def find_operations(cursor: Cursor, *, brand_id: int, ids: Sequence[UUID]) -> dict[UUID, FoundOperation]:
    """Operations of the brand by id; unknown ones are left out."""
    rows = cursor.execute(_FIND, {"brand": brand_id, "ids": list(ids)})
    return {row[0]: FoundOperation(row[0], CallType(row[1]), *row[2:]) for row in rows}
