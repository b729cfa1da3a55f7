"""Import a file, batch by batch, or only say what an import would do."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol

import psycopg
from django.db import DatabaseError, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable, UniqueViolation

from apps.jobs.core.batch import Batch
from apps.jobs.core.figures import Figures, Totals
from apps.jobs.core.header import Columns
from apps.jobs.core.rows import Row, read_rows
from apps.jobs.models import Job
from apps.jobs.operations.advance_job import advance_job
from apps.jobs.operations.error_file import ErrorFile
from apps.jobs.queries.inspect_file import FileSeen
from apps.kernel.db.hot import Cursor, hot_cursor
from apps.kernel.errors import InvalidInput

ATTEMPTS = 20
"""Tills that activate numbers of the file meanwhile can disturb a large batch more than once."""
LARGEST_BATCH = 10_000
"""Rows, however many belong together."""
_CHUNK = 1 << 20
_PASSING = (UniqueViolation, DeadlockDetected, LockNotAvailable)


class FileChanged(InvalidInput):
    """The file is not any more what it was when the import began."""

    message = "The file was changed while it was read. What was committed stays; the changed file is another import."


class Importer(Protocol):
    """What the kinds of imports differ in.

    `decide` reads what it needs and sorts rows into accepted and refused; `write` makes the accepted ones true. Both
    run in the batch's transaction, unless `each_row_commits`: then `decide` also makes rows true, one unit of work
    each, in such a way that a row that comes again has no effect. With `is_rehearsal` nothing may be written; rows
    that an earlier batch accepted count as if they had been.
    """

    @property
    def columns(self) -> Columns:
        """The columns it knows."""

    @property
    def batch_rows(self) -> int:
        """Rows of a batch, unless some that belong together make it longer."""

    @property
    def each_row_commits(self) -> bool:
        """Whether `decide` writes."""

    @property
    def tables(self) -> Sequence[str]:
        """Tables that may grow by much."""

    def goes_on(self, earlier: Row, later: Row) -> bool:
        """Whether a row must be decided together with the one before it."""

    def decide(self, cursor: Cursor, rows: Sequence[Row], *, now: datetime, is_rehearsal: bool) -> Batch:
        """Sort rows into accepted and refused."""

    def write(self, cursor: Cursor, batch: Batch, *, now: datetime) -> None:
        """Make the accepted rows true."""

    def balances(self, cursor: Cursor) -> Figures | None:
        """The brand's balances now, where the import changes them."""

    def booked(self, cursor: Cursor) -> Figures | None:
        """The balances that the ledger booked for this import, where it can tell."""


@dataclass(slots=True)
class Tally:
    """How far an import is. `position` is the byte of the file up to which everything is done; `begun_at` where this
    run began, after `rows_before` rows."""

    position: int
    done: int = 0
    refused: int = 0
    totals: Totals = field(default_factory=Totals)
    begun_at: int = 0
    rows_before: int = 0

    @property
    def rows(self) -> int:
        """All rows so far."""
        return self.done + self.refused

    def add(self, batch: Batch, position: int) -> None:
        """Count a batch that ends at a byte of the file."""
        self.position = position
        self.done += len(batch.accepted)
        self.refused += len(batch.refused)
        self.totals += batch.totals


Progress = Callable[[Tally], bool]
"""Told after each batch; answers whether to go on."""


def rehearse_import(
    *, importer: Importer, file: FileSeen, errors: Path, progress: Progress, now: datetime
) -> tuple[Tally, bool]:
    """Read and check all rows, also against the database, which is opened for reading only. False if `progress`
    stopped it before the end."""
    tally, cursor, goes_on = Tally(file.body, begun_at=file.body), hot_cursor(), True
    with _error_file(errors, file, importer, committed=0) as error_file:
        for rows in _batches(file, file.body, importer):
            if not goes_on:
                return tally, False
            cursor.execute("BEGIN READ ONLY")
            try:
                batch = importer.decide(cursor, rows, now=now, is_rehearsal=True)
            finally:
                cursor.execute("ROLLBACK")
            error_file.add(batch.refused)
            tally.add(batch, rows[-1].end)
            goes_on = progress(tally)
    return tally, True


def run_import(
    *,
    importer: Importer,
    job: Job,
    file: FileSeen,
    errors: Path,
    progress: Progress,
    clock: Callable[[], datetime],
) -> tuple[Tally, bool]:
    """Go on at the job's position to the end of the file; False if `progress` stopped it before.

    Rows, position, counts and control totals of a batch are committed together. A batch that another call disturbed
    (a number taken, a lock held) is decided anew.
    """
    start, rows_before, goes_on = max(job.position, file.body), job.rows_done + job.rows_refused, True
    tally = Tally(start, job.rows_done, job.rows_refused, Totals.of(job.totals), start, rows_before)
    with _error_file(errors, file, importer, committed=job.errors_position) as error_file:
        for rows in _batches(file, start, importer):
            if not goes_on:
                return tally, False
            batch = _batch(importer, job, rows, clock(), tally, error_file)
            tally.add(batch, rows[-1].end)
            _remember(job, tally)
            goes_on = progress(tally)
    return tally, True


def _error_file(path: Path, file: FileSeen, importer: Importer, *, committed: int) -> ErrorFile:
    return ErrorFile(path, names=file.names, columns=importer.columns, delimiter=file.delimiter, committed=committed)


def _batch(
    importer: Importer, job: Job, rows: Sequence[Row], now: datetime, tally: Tally, error_file: ErrorFile
) -> Batch:
    cursor, told = hot_cursor(), error_file.length
    batch = importer.decide(cursor, rows, now=now, is_rehearsal=False) if importer.each_row_commits else None
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                decided = batch or importer.decide(cursor, rows, now=now, is_rehearsal=False)
                importer.write(cursor, decided, now=now)
                _advance(cursor, job, decided, rows[-1].end, tally, error_file)
            return decided
        except (psycopg.Error, DatabaseError) as problem:
            if attempt == ATTEMPTS or not _passes(problem):
                raise
            error_file.cut(told)
    raise AssertionError("unreachable")


def _passes(problem: Exception) -> bool:
    """Whether another try may succeed; Django wraps what its ORM meets."""
    return isinstance(problem, _PASSING) or isinstance(problem.__cause__, _PASSING)


def _advance(cursor: Cursor, job: Job, batch: Batch, position: int, tally: Tally, error_file: ErrorFile) -> None:
    advance_job(
        cursor,
        job=job,
        before=job.position,
        position=position,
        totals=tally.totals + batch.totals,
        done=tally.done + len(batch.accepted),
        refused=tally.refused + len(batch.refused),
        errors=error_file.add(batch.refused),
    )


def _remember(job: Job, tally: Tally) -> None:
    job.position, job.rows_done, job.rows_refused = tally.position, tally.done, tally.refused
    job.totals |= tally.totals.as_json()


def _batches(file: FileSeen, position: int, importer: Importer) -> Iterator[list[Row]]:
    """The rows from a byte on, some at a time. FileChanged where the file is not what it was."""
    with file.path.open("rb") as source:
        line = _lines(source, position) + 1
        rows = read_rows(source, delimiter=file.delimiter, width=len(file.names), line=line, position=position)
        ahead: list[Row] = []
        while batch := [*ahead, *islice(rows, importer.batch_rows - len(ahead))]:
            ahead = []
            for row in rows:
                if len(batch) < LARGEST_BATCH and importer.goes_on(batch[-1], row):
                    batch.append(row)
                    continue
                ahead = [row]
                break
            seen = file.path.stat()
            if (seen.st_size, seen.st_mtime_ns) != (file.size, file.changed_at):
                raise FileChanged
            yield batch


def _lines(source: BinaryIO, position: int) -> int:
    """How many lines end before a byte; the file is then read up to there."""
    lines = 0
    while position and (chunk := source.read(min(position, _CHUNK))):
        lines += chunk.count(b"\n")
        position -= len(chunk)
    return lines
