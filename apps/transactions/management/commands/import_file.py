"""Import cards, customers, products or past transactions from a CSV file."""

import gc
import getpass
import os
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.jobs.core.receipt import figure_lines, receipt_text
from apps.jobs.operations.run_import import Tally
from apps.jobs.queries.inspect_file import FileSeen
from apps.kernel.errors import Refusal
from apps.kernel.stopping import stopped_by_signals
from apps.transactions.imports.import_file import Order, Outcome, import_file
from apps.transactions.imports.kinds import KINDS

INTERRUPTED = 130
REPORT_SECONDS = 10.0


class Command(BaseCommand):
    help = (
        "Import a CSV file; docs/imports.md says how such files look. Ctrl-C and SIGTERM end after the batch at work;"
        " the same command then goes on there, also after a crash. The same file is not imported twice. Exit code 0:"
        " every row was done; 1: some were refused, or it did not come to the end; 130: stopped by a signal."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--kind", required=True, choices=list(KINDS))
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
        parser.add_argument("--stop-after-errors", type=int, metavar="N", help="stop when so many rows were refused")
        parser.add_argument("--location", default="", metavar="CODE", help="for rows that name none")

    def handle(self, *args: Any, **options: Any) -> None:
        order = Order(
            brand=options["brand"],
            kind=options["kind"],
            path=options["file"],
            by=_user(),
            location=options["location"],
        )
        stop = threading.Event()
        report = self._reporter(stop, options["stop_after_errors"])
        try:
            with stopped_by_signals(stop), _no_collector():
                outcome = import_file(
                    order=order, rehearse=options["dry_run"], clock=lambda: datetime.now(UTC), progress=report
                )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        except OSError as problem:
            raise CommandError(str(problem)) from problem
        self._sum_up(outcome, options["dry_run"])
        if stop.is_set() and not outcome.is_complete:
            sys.exit(INTERRUPTED)
        if outcome.tally.refused or not outcome.is_complete or not (outcome.receipt or {"agrees": True})["agrees"]:
            sys.exit(1)

    def _reporter(self, stop: threading.Event, most_errors: int | None) -> Callable[[Tally, FileSeen], bool]:
        """On a terminal one line that changes; elsewhere a line every few seconds."""
        is_terminal = self.stdout.isatty()
        begin = told = time.monotonic()

        def report(tally: Tally, file: FileSeen) -> bool:
            nonlocal told
            now = time.monotonic()
            line = _line(tally, file, now - begin)
            if is_terminal:
                self.stdout.write(f"\r{line}   ", ending="\n" if tally.position >= file.size else "")
                self.stdout.flush()
            elif now - told >= REPORT_SECONDS:
                told = now
                self.stdout.write(line)
                self.stdout.flush()
            return not stop.is_set() and (most_errors is None or tally.refused < most_errors)

        return report

    def _sum_up(self, outcome: Outcome, is_rehearsal: bool) -> None:
        tally = outcome.tally
        if outcome.receipt is not None:
            self.stdout.write(receipt_text(outcome.receipt))
        else:
            will = "would be done" if is_rehearsal else "done"
            self.stdout.write(f"{tally.done:,} rows {will}, {tally.refused:,} refused")
            for title, figures in (("What", tally.totals.counted), ("Balances", tally.totals.balances)):
                lines = figure_lines(figures)
                self.stdout.write("\n".join([f"{title} {will}", *lines]) if lines else "", ending="\n" if lines else "")
        if outcome.errors is not None:
            self.stdout.write(self.style.ERROR(f"Refused rows: {outcome.errors}"))
        if is_rehearsal:
            self.stdout.write("Nothing was written.")
        elif not outcome.is_complete:
            self.stdout.write(f"Import {outcome.job_id} is not complete. The same command goes on where it ended.")


def _user() -> str:
    """Who runs the command; the number where the system has no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


@contextmanager
def _no_collector() -> Iterator[None]:
    """Python's search for circles among objects costs as much as all else together: each batch has so many of them, and
    no circles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _line(tally: Tally, file: FileSeen, seconds: float) -> str:
    part, rate = tally.position / file.size, (tally.rows - tally.rows_before) / max(seconds, 0.001)
    bytes_a_second = (tally.position - tally.begun_at) / max(seconds, 0.001)
    left = int((file.size - tally.position) / max(bytes_a_second, 1))
    return (
        f"{tally.rows:,} rows, {tally.refused:,} refused, {part:.0%}, {rate:,.0f} rows/s,"
        f" {left // 60}:{left % 60:02} left"
    )
