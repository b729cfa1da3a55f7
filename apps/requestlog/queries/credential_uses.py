"""When API keys were last used, derived from the request log."""

from datetime import datetime
from uuid import UUID

from apps.kernel.db.hot import hot_cursor
from apps.kernel.ids import lowest_id, moment_of

# a range of the primary key; ids have no max(), their texts sort alike
_USES = """SELECT r.credential_id, max(r.id::text) FROM requestlog_request r
 WHERE r.brand_id = %(brand)s AND r.id >= %(first)s AND r.credential_id IS NOT NULL GROUP BY r.credential_id"""


def credential_uses(*, brand_id: int, since: datetime) -> dict[int, datetime]:
    """The last call with each API key of a brand, among the calls since then."""
    rows = hot_cursor().execute(_USES, {"brand": brand_id, "first": lowest_id(since)})
    return {credential_id: moment_of(UUID(last)) for credential_id, last in rows}
