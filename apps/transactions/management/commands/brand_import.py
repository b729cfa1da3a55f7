"""Make a brand what a file says."""

import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.kernel.errors import Refusal
from apps.transactions.brand_file.differences import told
from apps.transactions.brand_file.import_brand import compare, import_brand, read_file


class Command(BaseCommand):
    help = (
        "Read a file that brand_export wrote: shows what it would create and change, asks, and does it as a whole or"
        " not at all. Nothing is ever deleted. A brand that is not there is made."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="- for the standard input")
        parser.add_argument("--brand", metavar="CODE", help="the brand to change, if not the one in the file")
        parser.add_argument("--dry-run", action="store_true", help="show and check everything, change nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, file: Path, brand: str | None, dry_run: bool, yes: bool, **options: Any) -> None:
        try:
            reading = read_file(self._text(file), code=brand)
            found = compare(reading)
            for line in told(found):
                self.stdout.write(line)
            if found.are_none:
                self.stdout.write("Nothing to do.")
                return
            import_brand(reading, shown=found, now=datetime.now(UTC), is_rehearsal=True)
            if dry_run:
                self.stdout.write("All of it could be done. Nothing was changed.")
            elif yes or self._agrees(reading.code, is_piped=str(file) == "-"):
                import_brand(reading, shown=found, now=datetime.now(UTC))
                self.stdout.write(f"Done: {reading.code} is what the file says.")
            else:
                self.stdout.write("Nothing was changed.")
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} Nothing was changed.") from refusal

    def _text(self, file: Path) -> str:
        try:
            return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise CommandError(f"{file} cannot be read: {problem}.") from problem

    def _agrees(self, code: str, *, is_piped: bool) -> bool:
        if is_piped or not sys.stdin.isatty():
            raise CommandError("Nobody is there to be asked: add --yes, or --dry-run. Nothing was changed.")
        return input(f"Change {code}? [y/N] ").strip().lower() in ("y", "yes")
