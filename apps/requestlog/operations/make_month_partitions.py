"""Make partitions of the request log ahead of time.

Rows of a month without partition lie in the DEFAULT partition. When the month is made, they move along, unless they
are so many that calls would have to wait for it: then the month stays where it is.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from psycopg import sql

from apps.kernel.db.hot import Cursor, hot_cursor
from apps.requestlog.core.months import Month
from apps.requestlog.queries.partitions import months_with_partition

AHEAD = 3
LARGEST_MOVE = 20_000
"""Rows in DEFAULT above which a running installation does not touch it: calls wait while they are looked through."""

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(%(key)s)"
_KEY = 0x726571756573746C
_LOCK_DEFAULT = "LOCK TABLE requestlog_request_default IN ACCESS EXCLUSIVE MODE"
_IN_DEFAULT = "SELECT count(*) FROM (SELECT brand_id FROM requestlog_request_default LIMIT %(limit)s) rows"
_CREATE = sql.SQL("CREATE TABLE {table} (LIKE requestlog_request INCLUDING ALL)")
_FORGET_BRANDS = sql.SQL("ALTER TABLE {table} ALTER COLUMN brand_id SET STATISTICS 0")
# every brand's rows of the month, and those of no brand (0)
_MOVE = sql.SQL("""WITH moved AS (DELETE FROM requestlog_request_default
 WHERE brand_id >= 0 AND id >= {first} AND id < {end} RETURNING *) INSERT INTO {table} SELECT * FROM moved""")
_ATTACH = sql.SQL("ALTER TABLE requestlog_request ATTACH PARTITION {table} FOR VALUES FROM ({first}) TO ({end})")


@dataclass(frozen=True, slots=True)
class MonthsMade:
    """New partitions, rows that moved into them, and months that were left to DEFAULT because it holds too much."""

    made: tuple[Month, ...] = ()
    moved: int = 0
    left: tuple[Month, ...] = ()


def make_month_partitions(*, now: datetime, ahead: int = AHEAD, largest_move: int | None = LARGEST_MOVE) -> MonthsMade:
    """Make the partitions of this month and the next `ahead` ones that are missing. Running it again changes nothing.

    `largest_move` None takes DEFAULT apart however large it is, while calls wait: for a time without traffic.
    """
    wanted = [Month.of(now) + months for months in range(ahead + 1)]
    with transaction.atomic():
        cursor = hot_cursor()
        cursor.execute(_ONE_AT_A_TIME, {"key": _KEY})
        known = set(months_with_partition(cursor))
        missing = tuple(month for month in wanted if month not in known)
        if not missing:
            return MonthsMade()
        # from here on no call can put a row into DEFAULT that would belong into a new partition
        cursor.execute(_LOCK_DEFAULT)
        if largest_move is None:
            cursor.execute("SET LOCAL statement_timeout = 0")
        elif _rows_in_default(cursor, largest_move + 1) > largest_move:
            return MonthsMade(left=missing)
        return MonthsMade(made=missing, moved=sum(_make(cursor, month) for month in missing))


def _rows_in_default(cursor: Cursor, limit: int) -> int:
    row = cursor.execute(_IN_DEFAULT, {"limit": limit}).fetchone()
    assert row is not None
    return int(row[0])


def _make(cursor: Cursor, month: Month) -> int:
    """Make one partition; returns how many rows moved into it."""
    names = {
        "table": sql.Identifier(month.partition),
        "first": sql.Literal(str(month.first_id)),
        "end": sql.Literal(str((month + 1).first_id)),
    }
    cursor.execute(_CREATE.format(**names))
    cursor.execute(_FORGET_BRANDS.format(**names))
    moved = cursor.execute(_MOVE.format(**names)).rowcount
    cursor.execute(_ATTACH.format(**names))
    return moved
