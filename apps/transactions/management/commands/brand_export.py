"""Write a brand's configuration to a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.transactions.brand_file.export_brand import export_brand
from apps.transactions.brand_file.text import to_text


class Command(BaseCommand):
    help = (
        "Write a brand's configuration as YAML: settings, places, programs, products, coupon sets, fields, event types,"
        " lists, segments and campaigns. No secrets, no cards, no customers. brand_import reads it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--file", type=Path, help="where to; without it, to the standard output")

    def handle(self, *args: Any, brand: str, file: Path | None, **options: Any) -> None:
        found = Brand.objects.filter(code=brand).first()
        if found is None:
            raise CommandError(f"There is no brand {brand!r}.")
        text = to_text(export_brand(brand=found))
        if file is None:
            self.stdout.write(text, ending="")
            return
        file.write_text(text, encoding="utf-8")
        self.stdout.write(f"{file} has the configuration of {found.name}.")
