"""Load coupons of a set from a file."""

import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.coupons.models import CouponSet
from apps.coupons.operations.load_coupons import FileRead, load_coupons
from apps.kernel.errors import Refusal

SHOWN = 20
"""Bad lines that are shown."""


class Command(BaseCommand):
    help = "Load coupons from a CSV file with the columns code, tags, allowed_cards, expiration: all of them or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="UTF-8; several tags or cards are separated by |")
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--coupon-set", required=True, metavar="CODE")
        parser.add_argument("--dry-run", action="store_true", help="only say what is wrong with the file")
        parser.add_argument("--skip-bad", action="store_true", help="leave bad lines out instead of loading nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            read = self._load(options)
        except (Brand.DoesNotExist, CouponSet.DoesNotExist) as error:
            raise CommandError(f"Unknown: {error}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The file cannot be read: {error}") from error
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        for bad in read.bad[:SHOWN]:
            self.stderr.write(str(bad))
        if len(read.bad) > SHOWN:
            self.stderr.write(f"... and {len(read.bad) - SHOWN:,} more")
        self.stdout.write(f"{read.added:,} coupons added; {read.good:,} good, {len(read.bad):,} bad lines.")
        if read.bad and not options["skip_bad"]:
            raise CommandError("Nothing was loaded: mend the bad lines, or leave them out with --skip-bad.")

    def _load(self, options: dict[str, Any]) -> FileRead:
        began = time.monotonic()

        def report(added: int) -> None:
            self.stdout.write(f"{added:,} coupons, {time.monotonic() - began:.1f} s")
            self.stdout.flush()

        brand = Brand.objects.get(code=options["brand"])
        coupon_set = CouponSet.objects.get(brand=brand, code=options["coupon_set"])
        with options["file"].open(encoding="utf-8-sig", newline="") as lines:
            return load_coupons(
                coupon_set=coupon_set,
                lines=lines,
                now=datetime.now(UTC),
                dry_run=options["dry_run"],
                skip_bad=options["skip_bad"],
                progress=report,
            )
