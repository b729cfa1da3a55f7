"""Derive visits, purchases, SKU counts and places anew, or compare them with what they are derived from."""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.facts.operations.rebuild_facts import rebuild_facts
from apps.facts.queries.families import FIRST, family_of_card, next_families
from apps.facts.queries.wrong_facts import Wrong, wrong_facts
from apps.kernel.db.hot import hot_cursor

BATCH = 200
SHOWN = 20
REPORT_SECONDS = 2.0


class Command(BaseCommand):
    help = (
        "Derive what is known about cards (visits, purchases, SKUs, places) from their history. Calls go on meanwhile."
        " A run that was cut short is simply started again. With --check nothing is written; exit code 1 if anything"
        " differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--card", metavar="NUMBER", help="only this card and its child cards")
        parser.add_argument("--check", action="store_true", help="compare, change nothing")
        parser.add_argument("--batch", type=int, default=BATCH, help="cards that are locked at once (%(default)s)")

    def handle(self, *args: Any, brand: str, card: str | None, check: bool, batch: int, **options: Any) -> None:
        if batch < 1:
            raise CommandError("A batch has at least one card.")
        brand_id = _brand_id(brand)
        batches = _batches(brand_id, batch) if card is None else iter([[_family(brand_id, card)]])
        if check:
            self._check(brand_id, batches)
        else:
            self._rebuild(brand_id, batches)

    def _rebuild(self, brand_id: int, batches: Iterator[list[int]]) -> None:
        report, done, rows = self._reporter(), 0, 0
        for families in batches:
            rows += rebuild_facts(brand_id=brand_id, families=families)
            done += len(families)
            report(done)
        self.stdout.write(self.style.SUCCESS(f"{done:,} cards, {rows:,} rows put right."))

    def _check(self, brand_id: int, batches: Iterator[list[int]]) -> None:
        report, done, wrong = self._reporter(), 0, 0
        for families in batches:
            for each in wrong_facts(brand_id=brand_id, families=families):
                wrong += 1
                if wrong <= SHOWN:
                    self._show(each)
            done += len(families)
            report(done)
        if wrong:
            self.stdout.write(self.style.ERROR(f"{done:,} cards, {wrong:,} rows differ: run rebuild_facts."))
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS(f"{done:,} cards, no differences."))

    def _show(self, wrong: Wrong) -> None:
        row = f"{wrong.table} {wrong.key}".rstrip()
        self.stdout.write(
            f"wallet {wrong.wallet_id}, {row}: stored {wrong.stored or 'nothing'};"
            f" history says {wrong.derived or 'nothing'}"
        )

    def _reporter(self) -> Callable[[int], None]:
        last = time.monotonic()

        def report(done: int) -> None:
            nonlocal last
            if time.monotonic() - last >= REPORT_SECONDS:
                last = time.monotonic()
                self.stdout.write(f"{done:,} cards ...")
                self.stdout.flush()

        return report


def _batches(brand_id: int, size: int) -> Iterator[list[int]]:
    above = FIRST
    while families := next_families(hot_cursor(), brand_id=brand_id, above=above, count=size):
        yield families
        above = families[-1]


def _brand_id(code: str) -> int:
    found = Brand.objects.filter(code=code).values_list("id", flat=True).first()
    if found is None:
        raise CommandError(f"There is no brand {code}.")
    return int(found)


def _family(brand_id: int, number: str) -> int:
    family = family_of_card(hot_cursor(), brand_id=brand_id, number=number)
    if family is None:
        raise CommandError(f"No card {number} was ever activated.")
    return family
