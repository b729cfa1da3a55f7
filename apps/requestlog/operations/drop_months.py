"""Retention: drop months of the request log. Operations and entries stay; nothing refers to what is dropped."""

from dataclasses import dataclass

from django.db import transaction
from psycopg import sql

from apps.kernel.db.hot import hot_cursor
from apps.requestlog.core.months import Month
from apps.requestlog.queries.partitions import months_with_partition

BATCH = 10_000

_DROP = sql.SQL("DROP TABLE {table}")
# every brand's rows, and those of no brand (0)
_DELETE = """DELETE FROM requestlog_request_default WHERE (brand_id, id) IN
 (SELECT brand_id, id FROM requestlog_request_default WHERE brand_id >= 0 AND id < %(end)s LIMIT %(limit)s)"""


@dataclass(frozen=True, slots=True)
class MonthsDropped:
    """The months whose partitions are gone, and how many rows of such months were deleted from DEFAULT."""

    months: tuple[Month, ...]
    rows_of_default: int


def drop_months(*, before: Month) -> MonthsDropped:
    """Drop every month of the request log before `before`, also what lies of them in the DEFAULT partition.

    Each partition is dropped in a transaction of its own and waits at most the connection's lock_timeout for calls.
    """
    cursor = hot_cursor()
    old = tuple(month for month in months_with_partition(cursor) if month < before)
    for month in old:
        with transaction.atomic():
            cursor.execute(_DROP.format(table=sql.Identifier(month.partition)))
    deleted = 0
    while rows := cursor.execute(_DELETE, {"end": before.first_id, "limit": BATCH}).rowcount:
        deleted += rows
    return MonthsDropped(old, deleted)
