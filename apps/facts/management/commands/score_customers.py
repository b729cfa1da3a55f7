"""Score the customers of a brand now, rather than at night."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.facts.operations.score_customers import score_customers


class Command(BaseCommand):
    help = "Score the customers of a brand: how recently, often and for how much they buy. A task does so each night."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")

    def handle(self, *args: Any, brand: str, **options: Any) -> None:
        found = Brand.objects.filter(code=brand).first()
        if found is None:
            raise CommandError(f"There is no brand {brand}.")
        scored = score_customers(brand=found, now=datetime.now(UTC))
        self.stdout.write(f"{scored.active:,} customers scored, {scored.inactive:,} inactive.")
