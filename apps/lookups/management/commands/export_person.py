"""Write all that is stored about the people on a card."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.kernel.errors import Refusal
from apps.lookups.queries.export_person import export_person


class Command(BaseCommand):
    help = "Write everything about the people on a card as one JSON document, for whoever asks what is known of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--card", required=True, metavar="NUMBER")
        parser.add_argument(
            "--output", metavar="FILE", type=Path, help="a new file, readable by its owner only (default: standard out)"
        )

    def handle(self, *args: Any, brand: str, card: str, output: Path | None, **options: Any) -> None:
        owner = Brand.objects.filter(code=brand).first()
        if owner is None:
            raise CommandError(f"There is no brand {brand}.")
        try:
            if output is None:
                export_person(brand=owner, card_number=card, write=lambda text: self.stdout.write(text, ending=""))
            else:
                _to_file(owner, card, output)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        except FileExistsError as problem:
            raise CommandError(f"{output} is there already.") from problem


def _to_file(owner: Brand, card: str, output: Path) -> None:
    """What could not be written whole is not left behind."""
    with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        try:
            export_person(brand=owner, card_number=card, write=file.write)
        except BaseException:
            output.unlink()
            raise
