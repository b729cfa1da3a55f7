"""Make a brand."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.operations.create_brand import create_brand
from apps.kernel.errors import Refusal


class Command(BaseCommand):
    help = "Make a brand. Its code is for ever: it is what tills send in the header `brand`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--code", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--timezone", default="UTC", metavar="NAME", help="as in Europe/Berlin (default: UTC)")
        parser.add_argument("--country", default="US", metavar="XX", help="ISO 3166 (default: US)")
        parser.add_argument("--currency", default="USD", metavar="XXX", help="ISO 4217 (default: USD)")

    def handle(
        self, *args: Any, code: str, name: str, timezone: str, country: str, currency: str, **options: Any
    ) -> None:
        try:
            brand = create_brand(
                code=code, name=name, timezone=timezone, country=country, currency=currency, now=datetime.now(UTC)
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{brand.name} is there. Who works for it gets in by: create_login --brand {brand.code} ...")
