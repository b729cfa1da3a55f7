"""Add a rate to a brand's table."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.kernel.errors import Refusal
from apps.kernel.moments import typed_moment
from apps.programs.operations.add_exchange_rate import add_exchange_rate


class Command(BaseCommand):
    help = "Add a rate between two currencies, in both directions. Rates are history: none is ever changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--base", required=True, metavar="XXX", help="one unit of this currency ...")
        parser.add_argument("--quote", required=True, metavar="XXX", help="... is worth --rate units of this one")
        parser.add_argument("--rate", required=True, type=_number)
        parser.add_argument("--rate-back", type=_number, metavar="RATE", help="from quote to base (default: 1 / RATE)")
        parser.add_argument(
            "--valid-from", type=typed_moment, metavar="MOMENT", help="as in 2026-01-31T12:00, UTC (default: now)"
        )
        parser.add_argument("--source", default="by hand", metavar="TEXT", help="where the rate comes from")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            there, back = add_exchange_rate(
                brand=Brand.objects.get(code=options["brand"]),
                base=options["base"],
                quote=options["quote"],
                rate=options["rate"],
                rate_back=options["rate_back"],
                valid_from=options["valid_from"] or datetime.now(UTC),
                source=options["source"],
            )
        except Brand.DoesNotExist as error:
            raise CommandError(f"There is no brand {options['brand']!r}.") from error
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        for row in (there, back):
            self.stdout.write(f"1 {row.base} = {row.rate:f} {row.quote} from {row.valid_from:%Y-%m-%d %H:%M:%S} UTC on")


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
