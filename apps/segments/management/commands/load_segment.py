"""Say by a file which cards are in a segment."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.kernel.errors import Refusal
from apps.segments.core.card_list import read_list
from apps.segments.models import Segment
from apps.segments.operations.set_members import Change, MembersSet, set_members

REPORT_SECONDS = 2.0


class Command(BaseCommand):
    help = (
        "Set the cards of a segment from a CSV file with the column cardNumber: exactly these, or with --add these too,"
        " or with --remove these no more. Child cards are written number/child. Calls go on meanwhile; a run that was"
        " cut short is simply started again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="UTF-8; other columns are ignored")
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--segment", required=True, metavar="CODE")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--add", dest="change", action="store_const", const=Change.ADD, default=Change.REPLACE)
        how.add_argument("--remove", dest="change", action="store_const", const=Change.REMOVE)
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = self._load(options)
        except (Brand.DoesNotExist, Segment.DoesNotExist) as error:
            raise CommandError(f"Unknown: {error}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The file cannot be read: {error}") from error
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self._report(done, is_dry=options["dry_run"])

    def _load(self, options: dict[str, Any]) -> MembersSet:
        brand = Brand.objects.get(code=options["brand"])
        segment = Segment.objects.get(brand=brand, code=options["segment"])
        with options["file"].open(encoding="utf-8-sig", newline="") as lines:
            return set_members(
                segment=segment,
                names=read_list(lines),
                change=options["change"],
                now=datetime.now(UTC),
                dry_run=options["dry_run"],
                progress=self._reporter(),
            )

    def _report(self, done: MembersSet, *, is_dry: bool) -> None:
        if done.unknown:
            shown = ", ".join(done.unknown_names)
            more = f" and {done.unknown - len(done.unknown_names):,} more" * (done.unknown > len(done.unknown_names))
            self.stderr.write(f"Unknown or never activated: {shown}{more}")
        would = "would come in" if is_dry else "came in"
        self.stdout.write(
            f"{done.listed:,} names, {done.found:,} cards, {done.unknown:,} unknown;"
            f" {done.added:,} cards {would}, {done.removed:,} {'would go' if is_dry else 'went'} out."
        )

    def _reporter(self) -> Callable[[int, int], None]:
        last = time.monotonic()

        def report(done: int, total: int) -> None:
            nonlocal last
            if time.monotonic() - last >= REPORT_SECONDS:
                last = time.monotonic()
                self.stdout.write(f"{done:,} of {total:,} cards ...")
                self.stdout.flush()

        return report
