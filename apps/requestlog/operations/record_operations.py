"""Record many operations at once, as an import makes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.db.copying import copy_rows
from apps.kernel.db.hot import Cursor
from apps.requestlog.core.kinds import CallType, Origin

_COLUMNS = (
    "brand_id",
    "id",
    "origin",
    "call_type",
    "occurred_at",
    "recorded_at",
    "family_id",
    "location_id",
    "note",
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What was imported on one card, and when it counts as done. `family_id` is the root card's wallet."""

    id: UUID
    call_type: CallType
    occurred_at: datetime
    family_id: int
    location_id: int | None
    note: str


def record_operations(cursor: Cursor, *, brand_id: int, operations: Iterable[Imported], recorded_at: datetime) -> None:
    """Write the operations of one batch, in its transaction and before what refers to them."""
    origin = int(Origin.IMPORT)
    rows = (
        (
            brand_id,
            each.id,
            origin,
            int(each.call_type),
            each.occurred_at,
            recorded_at,
            each.family_id,
            each.location_id,
            each.note,
        )
        for each in operations
    )
    copy_rows(cursor, "requestlog_operation", _COLUMNS, rows)
