"""listRequests: the calls that carried an external transaction id."""

from uuid import UUID

from apps.kernel.db.hot import hot_cursor
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.transactions.under_lock import current

INDEXED = 64
"""Leading characters that the indexes hold; ids can be longer."""

# The operations too: requests can be dropped by month.
_LIST = """SELECT k.config, found.id FROM brands_clock k LEFT JOIN (
 SELECT r.id FROM requestlog_request r WHERE r.brand_id = %(brand)s
 AND left(r.external_id, 64) = %(beginning)s AND r.external_id = %(whole)s
 UNION SELECT o.id FROM requestlog_operation o WHERE o.brand_id = %(brand)s
 AND left(o.external_id, 64) = %(beginning)s AND o.external_id = %(whole)s) found ON true
 WHERE k.brand_id = %(brand)s ORDER BY found.id"""


def list_requests(*, call: Call, configuration: Configuration, external_id: str) -> list[UUID]:
    """All calls of the brand with this id, refused and reading ones too, oldest first. One statement."""
    params = {"brand": call.brand_id, "beginning": external_id[:INDEXED], "whole": external_id}
    rows = hot_cursor().execute(_LIST, params).fetchall()
    current(configuration, rows[0][0], call)
    return [found for _, found in rows if found is not None]
