"""Many rows at once, by COPY. Django's own connection, inside the transaction that the caller has opened."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg.sql import SQL, Identifier

from apps.kernel.db.hot import Cursor

_COPY = SQL("COPY {table} ({columns}) FROM STDIN")
_ANALYZE = SQL("ANALYZE {tables}")
_DRAW = "SELECT nextval(%(sequence)s::regclass) FROM generate_series(1, %(count)s)"


def copy_rows(cursor: Cursor, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows to a table; every row has a value for each of the columns. Constraints and triggers hold as ever."""
    statement = _COPY.format(table=Identifier(table), columns=SQL(", ").join(map(Identifier, columns)))
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def refresh_statistics(cursor: Cursor, tables: Sequence[str]) -> None:
    """Let the planner know of many new rows at once, rather than when autovacuum comes by: until then it might walk
    through tables that it takes for small. Tables that belong to somebody else are left out by the server."""
    cursor.execute(_ANALYZE.format(tables=SQL(", ").join(map(Identifier, tables))))


def draw_ids(cursor: Cursor, sequence: str, count: int) -> list[int]:
    """So many new ids of a sequence."""
    return [row[0] for row in cursor.execute(_DRAW, {"sequence": sequence, "count": count})]
