"""List the SKUs that checkouts name and the catalog does not."""

import csv
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.kernel.db.hot import hot_cursor
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
        skus = all_unknown_skus(hot_cursor(), brand_id=found.pk)
        if csv is None:
            self._tell(skus)
            return
        try:
            with csv.open("w", newline="", encoding="utf-8") as file:
                written = _write(file, skus)
        except OSError as error:
            raise CommandError(f"{csv}: {error.strerror}") from error
        self.stdout.write(f"{written:,} unknown SKUs written to {csv}.")

    def _tell(self, skus: Iterable[UnknownSku]) -> None:
        count = 0
        for each in skus:
            count += 1
            self.stdout.write("  ".join(_cells(each)))
        self.stdout.write(f"{count:,} unknown SKUs.")


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
