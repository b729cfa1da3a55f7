"""A list of cards in temporary tables, and what of a segment differs from it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psycopg

from apps.kernel.db.copying import copy_rows, refresh_statistics
from apps.kernel.db.hot import Cursor, roll_back
from apps.segments.core.card_list import CardName, parse_name
from apps.segments.models import Segment

SHOWN = 20
"""Unknown names that are told."""

_TABLES = (
    "CREATE TEMPORARY TABLE segments_listed (number text NOT NULL, child text)",
    "CREATE TEMPORARY TABLE segments_named (wallet_id bigint PRIMARY KEY)",
    "CREATE TEMPORARY TABLE segments_wanted (wallet_id bigint PRIMARY KEY)",
    "CREATE TEMPORARY TABLE segments_before (wallet_id bigint PRIMARY KEY)",
    "CREATE TEMPORARY TABLE segments_wrong (family_id bigint PRIMARY KEY)",
)
_DROP = "DROP TABLE IF EXISTS segments_listed, segments_named, segments_wanted, segments_before, segments_wrong"
_COMPARED = ("segments_wanted", "segments_before", "segments_wrong")

_CARD_OF = """segments_listed l
 {join} cards_card c ON c.brand_id = %(brand)s AND c.number = l.number AND c.wallet_id IS NOT NULL"""
_CHILD_OF = (
    """{join} cards_childcard h ON h.brand_id = %(brand)s AND h.family_id = c.family_id AND h.number = l.child"""
)
_NAME = f"""WITH found (wallet_id) AS MATERIALIZED (
  SELECT c.wallet_id FROM {_CARD_OF.format(join="JOIN")} WHERE l.child IS NULL
  UNION ALL
  SELECT h.wallet_id FROM {_CARD_OF.format(join="JOIN")} {_CHILD_OF.format(join="JOIN")}),
 named AS (INSERT INTO segments_named SELECT DISTINCT f.wallet_id FROM found f RETURNING 1)
 SELECT (SELECT count(*) FROM found), (SELECT count(*) FROM named)"""
_UNKNOWN = f"""SELECT concat_ws('/', l.number, l.child)
 FROM {_CARD_OF.format(join="LEFT JOIN")} {_CHILD_OF.format(join="LEFT JOIN")}
 WHERE c.wallet_id IS NULL OR l.child IS NOT NULL AND h.wallet_id IS NULL LIMIT %(shown)s"""

# A card that was transferred stands for its successor.
_WANTED = """INSERT INTO segments_wanted
 WITH RECURSIVE moved (wallet_id, target_id) AS MATERIALIZED (
  SELECT t.source_wallet_id, t.target_wallet_id FROM cards_transfer t
  WHERE t.brand_id = %(brand)s AND t.target_wallet_id IS NOT NULL),
 heir (wallet_id) AS (
  SELECT m.target_id FROM segments_named n JOIN moved m ON m.wallet_id = n.wallet_id
  UNION SELECT m.target_id FROM heir h JOIN moved m ON m.wallet_id = h.wallet_id)
 SELECT x.wallet_id FROM (SELECT n.wallet_id FROM segments_named n UNION SELECT h.wallet_id FROM heir h) x
 WHERE NOT EXISTS (SELECT FROM moved m WHERE m.wallet_id = x.wallet_id)"""
_ALL_MEMBERS = """INSERT INTO segments_before SELECT m.wallet_id FROM segments_member m
 WHERE m.brand_id = %(brand)s AND m.segment_id = %(segment)s"""
_MEMBERS_WANTED = """INSERT INTO segments_before SELECT m.wallet_id FROM segments_wanted w
 JOIN segments_member m ON m.brand_id = %(brand)s AND m.segment_id = %(segment)s AND m.wallet_id = w.wallet_id"""
_WRONG = """WITH come AS MATERIALIZED (
  SELECT w.wallet_id FROM segments_wanted w LEFT JOIN segments_before b ON b.wallet_id = w.wallet_id
  WHERE %(adds)s AND b.wallet_id IS NULL),
 gone AS MATERIALIZED (
  SELECT b.wallet_id FROM segments_before b LEFT JOIN segments_wanted w ON w.wallet_id = b.wallet_id
  WHERE %(removes)s AND %(adds)s <> (w.wallet_id IS NOT NULL)),
 families AS (INSERT INTO segments_wrong SELECT DISTINCT coalesce(w.root_id, w.id)
  FROM (SELECT wallet_id FROM come UNION ALL SELECT wallet_id FROM gone) x
  JOIN ledger_wallet w ON w.brand_id = %(brand)s AND w.id = x.wallet_id RETURNING 1)
 SELECT (SELECT count(*) FROM come), (SELECT count(*) FROM gone), (SELECT count(*) FROM families)"""
_NEXT = "SELECT family_id FROM segments_wrong WHERE family_id > %(above)s ORDER BY family_id LIMIT %(count)s"


@dataclass(slots=True)
class Staged:
    """A list in the connection's temporary tables. `adds` and `removes`: see `set_members.Change`."""

    cursor: Cursor
    params: dict[str, object]
    listed: int = 0
    found: int = 0
    unknown: int = 0
    unknown_names: tuple[str, ...] = ()

    def find_wrong(self) -> tuple[int, int, int]:
        """Look for what differs: how many cards are to come in, how many to go, in how many families."""
        with _long_transaction(self.cursor):
            self.cursor.execute(f"TRUNCATE {', '.join(_COMPARED)}", prepare=False)
            self.cursor.execute(_WANTED, self.params, prepare=False)
            refresh_statistics(self.cursor, _COMPARED[:1])
            before = _ALL_MEMBERS if self.params["adds"] and self.params["removes"] else _MEMBERS_WANTED
            self.cursor.execute(before, self.params, prepare=False)
            refresh_statistics(self.cursor, _COMPARED[1:2])
            row = self.cursor.execute(_WRONG, self.params, prepare=False).fetchone()
        assert row is not None
        return row[0], row[1], row[2]

    def wrong_families(self, count: int) -> Iterator[list[int]]:
        """The families of what was found, so many at a time, in the order of their locks."""
        above = -(2**63)
        while families := self._next(above, count):
            yield families
            above = families[-1]

    def _next(self, above: int, count: int) -> list[int]:
        rows = self.cursor.execute(_NEXT, {"above": above, "count": count}, prepare=False)
        return [row[0] for row in rows]


@contextmanager
def stage_list(
    cursor: Cursor, *, segment: Segment, names: Iterable[str], adds: bool, removes: bool
) -> Iterator[Staged]:
    """Copy a list of names, and find the cards that they stand for. The tables are gone after the block."""
    params: dict[str, object] = {
        "brand": segment.brand_id,
        "segment": segment.pk,
        "adds": adds,
        "removes": removes,
        "shown": SHOWN,
    }
    staged = Staged(cursor, params)
    try:
        with _long_transaction(cursor):
            for table in _TABLES:
                cursor.execute(table, prepare=False)
            _copy(cursor, staged, names)
            refresh_statistics(cursor, ["segments_listed"])
            _name(cursor, staged)
            refresh_statistics(cursor, ["segments_named"])
        yield staged
    finally:
        with suppress(psycopg.Error):  # they end with the connection in any case
            cursor.execute(_DROP, prepare=False)


@contextmanager
def _long_transaction(cursor: Cursor) -> Iterator[None]:
    cursor.execute("BEGIN")
    try:
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield
        cursor.execute("COMMIT")
    except BaseException:
        roll_back(cursor)
        raise


def _copy(cursor: Cursor, staged: Staged, names: Iterable[str]) -> None:
    impossible: list[str] = []

    def rows() -> Iterator[tuple[str, str | None]]:
        for text in names:
            staged.listed += 1
            name = parse_name(text)
            if isinstance(name, CardName):
                yield name.number, name.child
                continue
            staged.unknown += 1
            if len(impossible) < SHOWN:
                impossible.append(text)

    copy_rows(cursor, "segments_listed", ("number", "child"), rows())
    staged.unknown_names = tuple(impossible)


def _name(cursor: Cursor, staged: Staged) -> None:
    """Every name stands for one card at most, so that those that stand for none are what is left."""
    row = cursor.execute(_NAME, staged.params, prepare=False).fetchone()
    assert row is not None
    known, staged.found = row
    unknown = staged.listed - staged.unknown - known
    if unknown:
        rows = cursor.execute(_UNKNOWN, staged.params, prepare=False)
        staged.unknown += unknown
        staged.unknown_names = (*staged.unknown_names, *(name for (name,) in rows))[:SHOWN]
