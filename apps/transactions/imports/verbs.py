"""Rows that are done by the ordinary verbs, one unit of work each.

A row that comes again, because its batch was not noted as done, finds its customRequestId consumed and has no effect.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.jobs.core.batch import Batch, Faults
from apps.jobs.core.figures import Totals
from apps.jobs.core.rows import Row
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import Refusal
from apps.kernel.ids import new_id
from apps.requestlog.core.call import Call, ConcurrentCard, ConcurrentRequest, DuplicateCustomRequestId, digest_of
from apps.requestlog.core.kinds import Origin
from apps.requestlog.unit import consumed_by
from apps.transactions.imports.books import note_of
from apps.transactions.imports.setting import Setting

PAUSES = (0.05, 0.2, 1.0, 5.0)
"""Seconds to wait for a card that other calls keep busy."""
DONE_BEFORE = "(done before it was cut off)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one unit of work does for one row, or for some that belong together, and how it is counted. `rehearse`
    refuses, without writing, what `run` would refuse."""

    rows: Sequence[Row]
    run: Callable[[], object]
    rehearse: Callable[[], object]
    count: Callable[[Totals], None]


def was_done(setting: Setting, line: int) -> bool:
    """Whether the row that begins in a line was done before the import was cut off: what became of the card or the
    books since then must not deny it."""
    brand_id = setting.configuration.brand_id
    return consumed_by(brand_id=brand_id, digest=digest_of(_custom_id(setting, line))) is not None


def count_done_before(batch: Batch, rows: Sequence[Row]) -> None:
    """Take rows as done that were done before the import was cut off, and could not be done any more."""
    batch.accepted.extend(rows)
    batch.totals.counted.add(DONE_BEFORE, "rows that could not be done now", len(rows))


def call_of(setting: Setting, line: int, *, now: datetime, moment: datetime | None = None, **places: Any) -> Call:
    """The call of the row that begins in a line, made now for a moment. `places` are location, terminal and external
    id."""
    return Call(
        id=new_id(),
        brand_id=setting.configuration.brand_id,
        origin=Origin.IMPORT,
        now=now,
        moment=moment or now,
        custom_id=_custom_id(setting, line),
        note=note_of(setting.job_id, line),
        **places,
    )


def perform(cursor: Cursor, batch: Batch, works: Sequence[Work], *, is_rehearsal: bool) -> None:
    """Do the works in their order and put their rows into the batch; a refused one is left out."""
    with nullcontext() if is_rehearsal else commits_that_do_not_wait(cursor):
        for work in works:
            try:
                _patiently(work.rehearse if is_rehearsal else work.run)
            except DuplicateCustomRequestId:
                pass  # it was done before the import was cut off
            except Refusal as refusal:
                _refuse(batch, work.rows, refusal.message)
                continue
            batch.accepted.extend(work.rows)
            work.count(batch.totals)


def _custom_id(setting: Setting, line: int) -> str:
    return f"import/{setting.digest}/{line}"


def _refuse(batch: Batch, rows: Sequence[Row], message: str) -> None:
    """Leave rows out that belong together; the first says why."""
    for row in rows:
        faults = Faults()
        faults.add("", message if row is rows[0] else f"See line {rows[0].line}, which is of the same checkout.")
        batch.refuse(row, faults)


def _patiently(run: Callable[[], object]) -> None:
    for pause in PAUSES:
        try:
            run()
            return
        except (ConcurrentCard, ConcurrentRequest):
            time.sleep(pause)
    run()


@contextmanager
def commits_that_do_not_wait(cursor: Cursor) -> Iterator[None]:
    """Commits in the block do not wait for the disk one by one. The next one after it, which notes how far the import
    is, waits for all of them: what a crash takes away was not noted as done."""
    cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        if not cursor.connection.closed:
            cursor.execute("RESET synchronous_commit")
