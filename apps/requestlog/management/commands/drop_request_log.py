"""Drop old months of the request log."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

from apps.requestlog.core.months import Month
from apps.requestlog.operations.drop_months import drop_months


class Command(BaseCommand):
    help = "Drop the request log (headers, bodies, answers) of all months before one. Operations and balances stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--before", required=True, type=parse_month, metavar="YYYY-MM", help="first month to keep")

    def handle(self, *args: Any, before: Month, **options: Any) -> None:
        dropped = drop_months(before=before)
        for month in dropped.months:
            self.stdout.write(f"{month} dropped")
        self.stdout.write(
            f"{len(dropped.months)} months dropped, {dropped.rows_of_default:,} rows deleted outside of months"
        )


def parse_month(text: str) -> Month:
    """Read `2026-03`."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text, re.ASCII)
    if found is None:
        raise ArgumentTypeError(f"{text} is not a month like 2026-03")
    return Month(int(found[1]), int(found[2]))
