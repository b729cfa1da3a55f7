"""Count which products are bought together, up to ten minutes ago."""

import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.facts.operations.count_copurchases import count_copurchases
from apps.facts.operations.forget_copurchases import forget_copurchases

REPORT_SECONDS = 2.0


class Command(BaseCommand):
    help = (
        "Count which products are bought together, for recommendations. A task does so for brands with the feature"
        " recommendations; with --rebuild all is counted anew. Calls go on meanwhile; a run that was cut short is"
        " simply started again, without --rebuild."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--rebuild", action="store_true", help="forget what was counted, and begin anew")

    def handle(self, *args: Any, brand: str, rebuild: bool, **options: Any) -> None:
        brand_id = Brand.objects.filter(code=brand).values_list("id", flat=True).first()
        if brand_id is None:
            raise CommandError(f"There is no brand {brand}.")
        if rebuild:
            forget_copurchases(brand_id=brand_id)
        calls, last = 0, time.monotonic()
        # the first time only says up to when; the second one may then go there
        for done in (False, True):
            is_done = False
            while not is_done:
                counted = count_copurchases(brand_id=brand_id, now=datetime.now(UTC))
                calls, is_done = calls + counted.calls, counted.is_done
                if time.monotonic() - last >= REPORT_SECONDS:
                    last = time.monotonic()
                    self.stdout.write(f"{calls:,} checkouts and voids ...")
                    self.stdout.flush()
            if done:
                self.stdout.write(self.style.SUCCESS(f"{calls:,} checkouts and voids counted."))
