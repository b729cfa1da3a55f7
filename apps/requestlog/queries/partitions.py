"""Which months of the request log have a partition."""

from apps.kernel.db.hot import Cursor
from apps.requestlog.core.months import Month

_ATTACHED = """SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
 WHERE i.inhparent = 'requestlog_request'::regclass"""


def months_with_partition(cursor: Cursor) -> list[Month]:
    """The months, oldest first; the default partition is none."""
    found = (Month.of_partition(name) for (name,) in cursor.execute(_ATTACHED))
    return sorted(month for month in found if month is not None)
