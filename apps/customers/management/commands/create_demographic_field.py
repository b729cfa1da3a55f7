"""Make a field of the brand's own."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.kernel.errors import Refusal

TYPES = ("integer", "date", "string", "decimal")


class Command(BaseCommand):
    help = "Make a field of the brand's own, which updateAccount sets and search finds cards by."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--code", required=True, help="what clients call it; it stays for ever")
        parser.add_argument("--name", required=True, help="what people read")
        parser.add_argument("--type", required=True, choices=TYPES, dest="data_type")
        parser.add_argument("--multiple", action="store_true", help="a customer can have several values")
        parser.add_argument("--choice", action="append", default=[], dest="choices", help="an allowed value; repeat it")

    def handle(
        self,
        *args: Any,
        brand: str,
        code: str,
        name: str,
        data_type: str,
        multiple: bool,
        choices: list[str],
        **options: Any,
    ) -> None:
        owner = Brand.objects.filter(code=brand).first()
        if owner is None:
            raise CommandError(f"There is no brand {brand}.")
        try:
            create_demographic_field(
                brand=owner, code=code, name=name, data_type=data_type, is_multiple=multiple, choices=choices
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{code}: {name}")
