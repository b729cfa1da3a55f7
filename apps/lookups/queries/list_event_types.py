"""listEventTypes: the event types of a brand."""

from dataclasses import dataclass
from datetime import datetime

from apps.kernel.db.hot import hot_cursor
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.transactions.under_lock import current

_LIST = """SELECT k.config, e.root_type, e.category_id, e.specific_id, e.name, e.sentiment, e.group_type, e.is_active,
 e.created_at, e.modified_at FROM brands_clock k LEFT JOIN (
  SELECT t.* FROM customers_eventtype t WHERE t.brand_id = %(brand)s ORDER BY t.created_at, t.id
  LIMIT %(limit)s OFFSET %(offset)s) e ON true WHERE k.brand_id = %(brand)s ORDER BY e.created_at, e.id"""


@dataclass(frozen=True, slots=True)
class EventTypeSeen:
    """An event type as it is set up."""

    root_type: str
    category_id: str
    specific_id: str | None
    name: str
    sentiment: int
    group_type: str
    is_active: bool
    created_at: datetime
    modified_at: datetime


def list_event_types(
    *, call: Call, configuration: Configuration, offset: int = 0, limit: int = 1000
) -> list[EventTypeSeen]:
    """The brand's event types, archived ones too, oldest first. One statement."""
    params = {"brand": call.brand_id, "offset": offset, "limit": limit}
    rows = hot_cursor().execute(_LIST, params, binary=True).fetchall()
    current(configuration, rows[0][0], call)
    return [EventTypeSeen(*columns) for _, *columns in rows if columns[0] is not None]
