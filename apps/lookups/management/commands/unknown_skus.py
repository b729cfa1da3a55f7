"""List the SKUs that checkouts name and the catalog does not."""

import csv
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.kernel.db.hot import Cursor, hot_cursor
from apps.lookups.queries.unknown_skus import UnknownSku, all_unknown_skus

HEADING = ("sku", "lines", "units", "first seen (UTC)", "last seen (UTC)")


class Command(BaseCommand):
    help = "List the SKUs that were sold and that no product has: lines of checkouts, units, first and last seen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--csv", type=Path, metavar="FILE", help="write them to this file")

    def handle(self, *args: Any, brand: str, csv: Path | None, **options: Any) -> None:
        found = Brand.objects.filter(code=brand).first()
        if found is None:
            raise CommandError(f"There is no brand {brand}.")
        with _patience() as cursor:
            skus = all_unknown_skus(cursor, brand_id=found.pk)
            if csv is None:
                self._tell(skus)
            else:
                self._save(csv, skus)

    def _tell(self, skus: Iterable[UnknownSku]) -> None:
        count = 0
        for each in skus:
            count += 1
            self.stdout.write("  ".join(_cells(each)))
        self.stdout.write(f"{count:,} unknown SKUs.")

    def _save(self, path: Path, skus: Iterable[UnknownSku]) -> None:
        try:
            with path.open("w", newline="", encoding="utf-8") as file:
                written = _write(file, skus)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        self.stdout.write(f"{written:,} unknown SKUs written to {path}.")


@contextmanager
def _patience() -> Iterator[Cursor]:
    """A cursor without a limit of time: an unknown SKU may have been sold a million times."""
    cursor = hot_cursor()
    cursor.execute("SET statement_timeout = 0")
    try:
        yield cursor
    finally:
        cursor.execute("RESET statement_timeout")


def _write(file: TextIO, skus: Iterable[UnknownSku]) -> int:
    """Plain cells: the file is for programs, such as an import of products."""
    writer, count = csv.writer(file), 0
    writer.writerow(HEADING)
    for each in skus:
        writer.writerow(_cells(each))
        count += 1
    return count


def _cells(each: UnknownSku) -> list[str]:
    seen = (f"{moment:%Y-%m-%d %H:%M:%S}" for moment in (each.first_seen, each.last_seen))
    return [each.sku, str(each.lines), f"{each.units.normalize():f}", *seen]
