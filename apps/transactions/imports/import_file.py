"""Import a file, or rehearse that: from the look at the file to the receipt."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from apps.jobs.core.figures import Figures
from apps.jobs.core.header import check_header
from apps.jobs.core.receipt import Receipt, new_receipt, receipt_text
from apps.jobs.models import Job
from apps.jobs.operations.claimed_job import Task, claimed_job
from apps.jobs.operations.finish_job import finish_job
from apps.jobs.operations.leave_job import leave_job
from apps.jobs.operations.open_own import open_own
from apps.jobs.operations.run_import import Importer, Tally, rehearse_import, run_import
from apps.jobs.queries.inspect_file import FileSeen, inspect_file
from apps.kernel.db.copying import refresh_statistics
from apps.kernel.db.hot import hot_cursor
from apps.kernel.errors import InvalidInput
from apps.programs.core.configuration import Configuration
from apps.programs.queries.configuration import fresh_configuration
from apps.transactions.imports.kinds import KINDS
from apps.transactions.imports.setting import Setting

Clock = Callable[[], datetime]
Progress = Callable[[Tally, FileSeen], bool]
"""Told after each batch; answers whether to go on."""


class NoSuchBrand(InvalidInput):
    """The brand is unknown or switched off."""


class NoSuchLocation(InvalidInput):
    """The location is unknown or switched off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be imported, and by whom. `kind` is one of `KINDS`; `location` a code, or empty."""

    brand: str
    kind: str
    path: Path
    by: str
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How far it came. `receipt` is there when a real import is complete; `errors` when rows were refused."""

    tally: Tally
    is_complete: bool
    job_id: int
    receipt: Receipt | None
    errors: Path | None


def import_file(*, order: Order, rehearse: bool, clock: Clock, progress: Progress) -> Outcome:
    """Import a file, or take up where an earlier import of the same file ended.

    Refuses an unknown brand or location, a file that is not UTF-8, a header with other columns, a file that was
    imported before, or is being imported. Refused rows are told in `<file>.errors.csv` (of a rehearsal:
    `<file>.dry-run.errors.csv`); the receipt is kept with the job and in `<file>.receipt.txt`.
    """
    configuration = fresh_configuration(order.brand)
    if configuration is None:
        raise NoSuchBrand(f"There is no brand {order.brand!r}.")
    if order.location and order.location not in configuration.locations:
        raise NoSuchLocation(f"The brand has no location {order.location!r}.")
    file = inspect_file(order.path)
    if rehearse:
        return _rehearse(order, configuration, file, clock(), progress)
    check_header(file.names, _importer(order, configuration, file, clock(), 0).columns)
    task = Task(
        brand_id=configuration.brand_id,
        kind=order.kind,
        file_name=order.path.name,
        digest=file.digest,
        options={"location": order.location},
    )
    with claimed_job(task=task, now=clock()) as job:
        return _run(order, configuration, file, job, clock, progress)


def _importer(order: Order, configuration: Configuration, file: FileSeen, moment: datetime, job_id: int) -> Importer:
    setting = Setting(
        configuration=configuration,
        names=file.names,
        moment=moment,
        digest=file.digest,
        location=order.location,
        job_id=job_id,
    )
    return KINDS[order.kind](setting)


def _rehearse(order: Order, configuration: Configuration, file: FileSeen, now: datetime, progress: Progress) -> Outcome:
    importer, errors = _importer(order, configuration, file, now, 0), _beside(order.path, "dry-run.errors.csv")
    check_header(file.names, importer.columns)
    tally, is_complete = rehearse_import(
        importer=importer, file=file, errors=errors, progress=lambda tally: progress(tally, file), now=now
    )
    return Outcome(tally=tally, is_complete=is_complete, job_id=0, receipt=None, errors=_kept(errors, tally))


def _run(
    order: Order, configuration: Configuration, file: FileSeen, job: Job, clock: Clock, progress: Progress
) -> Outcome:
    importer, errors = _importer(order, configuration, file, job.started_at, job.pk), _beside(order.path, "errors.csv")
    _note_balances_before(job, importer)
    watch = _Watch(job)

    def told(tally: Tally) -> bool:
        watch.note()
        return progress(tally, file)

    try:
        tally, is_complete = run_import(
            importer=importer, job=job, file=file, errors=errors, progress=told, clock=clock
        )
    except BaseException as problem:
        leave_job(job=job, why=f"{type(problem).__name__}: {problem}", has_failed=True)
        raise
    watch.note()
    kept = _kept(errors, tally)
    if not is_complete:
        leave_job(job=job, why="stopped")
        return Outcome(tally=tally, is_complete=False, job_id=job.pk, receipt=None, errors=kept)
    receipt = _finished(order, file, job, tally, importer, clock, kept)
    return Outcome(tally=tally, is_complete=True, job_id=job.pk, receipt=receipt, errors=kept)


class _Watch:
    """Counts the seconds of work into a job's totals, which are stored with its next batch and with its receipt."""

    def __init__(self, job: Job) -> None:
        self._job, self._began = job, time.monotonic()
        self._before = float(job.totals.get("seconds", 0))

    def note(self) -> None:
        """So many seconds by now."""
        self._job.totals["seconds"] = round(self._before + time.monotonic() - self._began, 1)


def _finished(
    order: Order, file: FileSeen, job: Job, tally: Tally, importer: Importer, clock: Clock, errors: Path | None
) -> Receipt:
    """The receipt, with the job and beside the file."""
    refresh_statistics(hot_cursor(), importer.tables)
    target = _beside(order.path, "receipt.txt")
    receipt = _receipt(order, file, job, tally, importer, clock(), errors) | {"receiptFile": str(target)}
    finish_job(job=job, receipt=receipt, now=clock())
    with os.fdopen(open_own(target), "r+", encoding="utf-8") as text:
        text.truncate()
        text.write(receipt_text(receipt))
    return receipt


def _note_balances_before(job: Job, importer: Importer) -> None:
    if "before" not in job.totals:
        before = importer.balances(hot_cursor())
        job.totals["before"] = before.as_json() if before is not None else None
        job.save(update_fields=["totals"])


def _receipt(
    order: Order, file: FileSeen, job: Job, tally: Tally, importer: Importer, now: datetime, errors: Path | None
) -> Receipt:
    facts: dict[str, Any] = {
        "job": job.pk,
        "brand": order.brand,
        "kind": order.kind,
        "file": str(order.path),
        "bytes": file.size,
        "sha256": file.digest,
        "options": job.options,
        "by": order.by,
        "errorFile": str(errors) if errors is not None else None,
    }
    before, cursor = job.totals["before"], hot_cursor()
    return new_receipt(
        facts=facts,
        started_at=job.started_at,
        finished_at=now,
        running=timedelta(seconds=job.totals["seconds"]),
        done=tally.done,
        refused=tally.refused,
        totals=tally.totals,
        before=Figures.of(before) if before is not None else None,
        after=importer.balances(cursor),
        booked=importer.booked(cursor),
    )


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.name}.{ending}")


def _kept(errors: Path, tally: Tally) -> Path | None:
    """The error file, if it tells of anything; an empty one is removed."""
    if tally.refused:
        return errors
    errors.unlink(missing_ok=True)
    return None
