"""Say which cards are in a segment, beside running calls."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import psycopg

from apps.facts.queries.history import LINES_OF_FAMILIES
from apps.kernel.db.hot import Cursor, hot_cursor, is_idle, roll_back
from apps.kernel.errors import InvalidInput
from apps.segments.models import Segment
from apps.segments.operations.stage_list import Staged, stage_list

BATCH = 500
"""Families that are locked at once."""
ROUNDS = 10
"""Cards that are transferred meanwhile make another round, over those that are wrong after the one before."""
ATTEMPTS = 20

_LOCK = "SELECT pg_try_advisory_lock(hashtextextended(%(name)s, 0))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtextextended(%(name)s, 0))"
_LIMITS = (
    # while it waits for one busy card it holds others up
    "SET LOCAL lock_timeout = '500ms'",
    "SET LOCAL statement_timeout = 0",
    # a batch is small whatever the planner has heard of tables that this list fills
    "SET LOCAL enable_seqscan = off",
)
_LOCK_FAMILIES = """SELECT id FROM ledger_wallet WHERE brand_id = %(brand)s AND id = ANY(%(families)s)
 ORDER BY id FOR NO KEY UPDATE"""

# A named card that was transferred stands for its successor, directly or through others: `line` knows.
# OFFSET 0 has each wallet looked up by the key: a join would read the whole list with every batch.
_REPAIR = f"""{LINES_OF_FAMILIES}, wanted AS MATERIALIZED (
  SELECT DISTINCT l.wallet_id FROM line l
  CROSS JOIN LATERAL (SELECT FROM segments_named n WHERE n.wallet_id = l.past_id OFFSET 0) n),
 gone AS (
  DELETE FROM segments_member m USING ledger_wallet w LEFT JOIN wanted d ON d.wallet_id = w.id
  WHERE %(removes)s AND m.brand_id = %(brand)s AND m.segment_id = %(segment)s
   AND w.brand_id = m.brand_id AND w.id = m.wallet_id AND (w.id = ANY(%(families)s) OR w.root_id = ANY(%(families)s))
   AND %(adds)s <> (d.wallet_id IS NOT NULL)
  RETURNING 1),
 come AS (
  INSERT INTO segments_member (brand_id, segment_id, wallet_id, since)
  SELECT %(brand)s, %(segment)s, d.wallet_id, %(now)s FROM wanted d WHERE %(adds)s
  ON CONFLICT (brand_id, segment_id, wallet_id) DO NOTHING RETURNING 1)
 SELECT (SELECT count(*) FROM come), (SELECT count(*) FROM gone)"""


class Change(StrEnum):
    """What a list says: these cards and no others are in the segment; these too; these no more."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"

    @property
    def adds(self) -> bool:
        """Whether cards of the list come in."""
        return self is not Change.REMOVE

    @property
    def removes(self) -> bool:
        """Whether cards go out: those not on the list, or (where it adds none) those on it."""
        return self is not Change.ADD


class SegmentBusy(InvalidInput):
    """Another list is being worked through (9)."""

    message = "Another list for this segment is being loaded at this moment."


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersSet:
    """What a list came to: how many names it had, how many cards they stand for, how many name no card that was ever
    activated and the first of those; how many cards came in and went out (of a dry run: would)."""

    listed: int
    found: int
    unknown: int
    unknown_names: tuple[str, ...]
    added: int
    removed: int


Progress = Callable[[int, int], None]
"""Told after each batch: how many families are done, of how many."""


def set_members(
    *,
    segment: Segment,
    names: Iterable[str],
    change: Change = Change.REPLACE,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = lambda done, total: None,
    batch: int = BATCH,
) -> MembersSet:
    """Work through a list of cards, named as in `core.card_list`, in whatever status; a card that was transferred
    stands for its successor. Names that are unknown are counted and left out.

    Batches of families, each a transaction of its own under their locks: until the end, some cards follow the old list
    and some the new one. A list that was cut short is simply given again; a second time changes nothing. Not to be
    called in a transaction. 9 while another list for the segment is worked through.
    """
    cursor = hot_cursor()
    assert is_idle(cursor), "the locks would be held for as long as the caller's transaction"
    claim = {"name": f"segment:{segment.brand_id}:{segment.pk}"}
    if cursor.execute(_LOCK, claim).fetchone() != (True,):
        raise SegmentBusy
    try:
        with stage_list(cursor, segment=segment, names=names, adds=change.adds, removes=change.removes) as staged:
            if dry_run:
                added, removed, _ = staged.find_wrong()
            else:
                added, removed = _repair(cursor, segment, change, staged, now, progress, batch)
                Segment.objects.filter(brand_id=segment.brand_id, pk=segment.pk).update(refreshed_at=now)
    finally:
        with suppress(psycopg.Error):  # a connection that is lost has no lock any more
            cursor.execute(_UNLOCK, claim)
    return MembersSet(
        listed=staged.listed,
        found=staged.found,
        unknown=staged.unknown,
        unknown_names=staged.unknown_names,
        added=added,
        removed=removed,
    )


def _repair(
    cursor: Cursor, segment: Segment, change: Change, staged: Staged, now: datetime, progress: Progress, batch: int
) -> tuple[int, int]:
    params = {"brand": segment.brand_id, "segment": segment.pk, "now": now}
    params |= {"adds": change.adds, "removes": change.removes}
    come = gone = 0
    for _ in range(ROUNDS):
        *_, total = staged.find_wrong()
        if not total:
            break
        done = 0
        for families in staged.wrong_families(batch):
            added, removed = _set_families(cursor, params | {"families": families})
            come, gone, done = come + added, gone + removed, done + len(families)
            progress(done, total)
    return come, gone


def _set_families(cursor: Cursor, params: dict[str, object]) -> tuple[int, int]:
    """Repeats itself when a card is busy; after many times the database's own error gets through."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _attempt(cursor, params)
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _attempt(cursor: Cursor, params: dict[str, object]) -> tuple[int, int]:
    cursor.execute("BEGIN")
    try:
        for limit in _LIMITS:
            cursor.execute(limit)
        cursor.execute(_LOCK_FAMILIES, params)
        row = cursor.execute(_REPAIR, params, prepare=False).fetchone()
        cursor.execute("COMMIT")
    except BaseException:
        roll_back(cursor)
        raise
    assert row is not None
    return int(row[0]), int(row[1])
