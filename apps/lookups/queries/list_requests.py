"""listRequests: the calls that carried an external transaction id."""

from uuid import UUID

from apps.kernel.db.hot import hot_cursor
from apps.requestlog.core.call import Call

INDEXED = 64
"""Leading characters that the indexes hold; ids can be longer."""

# The operations too: requests can be dropped by month.
_LIST = """SELECT r.id FROM requestlog_request r WHERE r.brand_id = %(brand)s
 AND left(r.external_id, 64) = %(beginning)s AND r.external_id = %(whole)s
 UNION SELECT o.id FROM requestlog_operation o WHERE o.brand_id = %(brand)s
 AND left(o.external_id, 64) = %(beginning)s AND o.external_id = %(whole)s ORDER BY 1"""


def list_requests(*, call: Call, external_id: str) -> list[UUID]:
    """All calls of the brand with this id, refused and reading ones too, oldest first. One statement."""
    params = {"brand": call.brand_id, "beginning": external_id[:INDEXED], "whole": external_id}
    return [row[0] for row in hot_cursor().execute(_LIST, params)]
