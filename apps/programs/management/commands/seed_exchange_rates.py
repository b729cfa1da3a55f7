"""Fill a brand's rate table from the history of the European Central Bank."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from currency_converter import CURRENCY_FILE
from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.kernel.errors import Refusal
from apps.programs.operations.seed_exchange_rates import Seeded, seed_exchange_rates


class Command(BaseCommand):
    help = "Add the European Central Bank's daily reference rates; what is there already stays. Fetches nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--currencies", required=True, metavar="USD,EUR,...", help="all pairs among them")
        parser.add_argument(
            "--from",
            dest="first",
            type=date.fromisoformat,
            default=date(2020, 1, 1),
            metavar="DAY",
            help="the first day that needs rates (default: 2020-01-01)",
        )
        parser.add_argument(
            "--file", default=CURRENCY_FILE, metavar="ZIP", help="a newer eurofxref-hist.zip than the one at hand"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        def report(seeded: Seeded) -> None:
            self.stdout.write(f"up to {seeded.through}: {seeded.found:,} rates, {seeded.added:,} of them new")
            self.stdout.flush()

        try:
            seeded = seed_exchange_rates(
                brand=Brand.objects.get(code=options["brand"]),
                currencies=[code.strip() for code in options["currencies"].split(",")],
                first=options["first"],
                file=options["file"],
                progress=report,
            )
        except Brand.DoesNotExist as error:
            raise CommandError(f"There is no brand {options['brand']!r}.") from error
        except (Refusal, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Source: European Central Bank. The last day with rates is {seeded.through}.")
