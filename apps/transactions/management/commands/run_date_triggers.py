"""Run the date triggers of a day to their end."""

import time
from argparse import ArgumentParser
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand, Clock
from apps.programs.queries.configuration import fresh_configuration
from apps.transactions.operations.advance_date_run import Advanced, State, advance_date_run

REPORT_SECONDS = 2.0
_SAID = {
    State.NOTHING: "nothing to do, or another worker is at it",
    State.WAITS: "done but for locked cards, which the next run looks at again",
    State.DONE: "done",
}


class Command(BaseCommand):
    help = (
        "Run the campaign rules with trigger date, as the task does every minute: for each brand's own today, or for"
        " an earlier day that was missed. A run that was cut short is simply started again: nothing fires twice for a"
        " card on a day."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", metavar="CODE", help="only this brand")
        parser.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="an earlier day")

    def handle(self, *args: Any, brand: str | None, day: date | None, **options: Any) -> None:
        for code in _codes(brand):
            if day is not None:
                _require_open(code, day)
            self._run(code, day)

    def _run(self, code: str, day: date | None) -> None:
        cards = fired = failed = 0
        done, last = Advanced(State.GOES_ON), time.monotonic()
        while done.state is State.GOES_ON:
            done = advance_date_run(brand_code=code, clock=lambda: datetime.now(UTC), day=day)
            cards, fired, failed = cards + done.cards, fired + done.fired, failed + done.failed
            if time.monotonic() - last >= REPORT_SECONDS:
                last = time.monotonic()
                self.stdout.write(f"{code}: {cards:,} cards ...")
                self.stdout.flush()
        self.stdout.write(f"{code}: {cards:,} cards, {fired:,} rules fired, {failed:,} failed; {_SAID[done.state]}.")


def _codes(brand: str | None) -> list[str]:
    codes = list(Brand.objects.filter(is_active=True).order_by("code").values_list("code", flat=True))
    if brand is None:
        return codes
    if brand not in codes:
        raise CommandError(f"There is no active brand {brand}.")
    return [brand]


def _require_open(code: str, day: date) -> None:
    """The day has begun, and its books are open."""
    configuration = fresh_configuration(code)
    assert configuration is not None, "the brand is active"
    if day > datetime.now(UTC).astimezone(configuration.zone).date():
        raise CommandError(f"{code}: {day} has not begun.")
    if day <= Clock.objects.get(brand_id=configuration.brand_id).closed_through:
        raise CommandError(f"{code}: the books of {day} are closed.")
