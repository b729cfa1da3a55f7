"""Make the demo brand: places, programs, inventory, customers with ninety days of activity, logins, an API key."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from apps.brands.models import Brand
from apps.requestlog.operations.make_month_partitions import make_month_partitions
from apps.transactions.demo import ENVIRONMENTS
from apps.transactions.demo.access import is_begun, is_known, new_caller, new_logins, tell
from apps.transactions.demo.brand import demo_brand
from apps.transactions.demo.diary import Step
from apps.transactions.demo.perform import CannotPlay, Played, perform
from apps.transactions.demo.plan import plan
from apps.transactions.demo.stock import stock_up
from apps.transactions.demo.till import Caller, InProcessTill

REPORT_SECONDS = 0.2


@contextmanager
def _commits_without_waiting() -> Iterator[None]:
    """Thousands of small commits need not wait for the disk one by one.

    What a crash takes away is made again by the next run; the first commit afterwards waits for all of them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


class Command(BaseCommand):
    help = (
        "Make the demo brand and tell its secrets in var/demo.json. Does nothing where that has been done; goes on"
        " where an earlier run was cut short; where only the file is missing, makes new passwords and a new API key."
        " Refuses a brand that it did not make, and production."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", default="demo", metavar="CODE")
        parser.add_argument("--file", type=Path, default=settings.VAR_DIR / "demo.json", help="where secrets are told")
        parser.add_argument("--customers", type=int, default=500, metavar="N")
        parser.add_argument("--inventory", type=int, default=10_000, metavar="N", help="cards left to hand out")

    def handle(self, *args: Any, brand: str, file: Path, customers: int, inventory: int, **options: Any) -> None:
        began, now = time.monotonic(), datetime.now(UTC)
        if settings.ENVIRONMENT not in ENVIRONMENTS:
            raise CommandError(f"ENVIRONMENT={settings.ENVIRONMENT}: a demo brand is only made on trial or stage.")
        make_month_partitions(now=now)
        with transaction.atomic():  # no brand without the key that marks it as ours
            made, is_fresh = demo_brand(code=brand, now=now)
            if not (is_fresh or is_begun(made)):
                raise CommandError(f"The brand {brand} was not made by seed_demo: name another one with --brand.")
            if is_known(brand=made, file=file):
                self.stdout.write(f"The demo brand is there; {file} tells its secrets.")
                return
            caller = new_caller(brand=made, now=now)
        steps = plan(end=made.created_at, customers=customers)
        with _commits_without_waiting():
            stock_up(brand=made, steps=steps, inventory=inventory, now=now, progress=self._report_cards)
            played = self._play(made, steps, caller, is_fresh)
        logins = new_logins(brand=made, now=now)
        call_command("verify_ledger", brand=brand, stdout=self.stdout)
        tell(file=file, base_url=settings.PUBLIC_URL, caller=caller, logins=logins)
        self._sum_up(played, file, time.monotonic() - began)

    def _play(self, brand: Brand, steps: list[Step], caller: Caller, is_fresh: bool) -> Played:
        till = InProcessTill(caller)
        try:
            return perform(
                steps=steps, till=till, brand_id=brand.pk, is_fresh=is_fresh, progress=self._calls_reporter()
            )
        except CannotPlay as problem:
            raise CommandError(f"The demo brand cannot be brought to life: {problem}") from problem

    def _report_cards(self, made: int) -> None:
        self.stdout.write(f"{made:,} cards made")
        self.stdout.flush()

    def _calls_reporter(self) -> Any:
        """On a terminal one line that counts; elsewhere a line for each tenth."""
        is_terminal = self.stdout.isatty()
        last = time.monotonic()

        def report(done: int, of: int) -> None:
            nonlocal last
            if is_terminal and (done == of or time.monotonic() - last >= REPORT_SECONDS):
                last = time.monotonic()
                self.stdout.write(f"\r{done:,} of {of:,} calls", ending="\n" if done == of else "")
                self.stdout.flush()
            elif not is_terminal and done * 10 // of > (done - 1) * 10 // of:
                self.stdout.write(f"{done:,} of {of:,} calls")
                self.stdout.flush()

        return report

    def _sum_up(self, played: Played, file: Path, seconds: float) -> None:
        for surprise in played.surprises[:10]:
            self.stderr.write(f"Not foreseen: {surprise}")
        self.stdout.write(
            f"{played.calls:,} calls ({played.refused:,} refused, {len(played.surprises):,} of them not foreseen;"
            f" {played.done_before:,} were made before, {played.skipped:,} left out), {seconds:.1f} s."
            f" {file} tells the secrets."
        )
