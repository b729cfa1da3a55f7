"""Create a segment."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.kernel.errors import Refusal
from apps.segments.operations.create_segment import create_segment


class Command(BaseCommand):
    help = "Create a segment, a named group of cards. Say who is in it with load_segment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--code", required=True, help="what campaigns name the segment by, and the id in answers")
        parser.add_argument("--name", required=True, help="for people")
        parser.add_argument("--description", default="", help="what it is for; shown in answers too")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = create_segment(
                brand=Brand.objects.get(code=options["brand"]),
                code=options["code"],
                name=options["name"],
                description=options["description"],
                now=datetime.now(UTC),
            )
        except Brand.DoesNotExist as error:
            raise CommandError(f"There is no brand {options['brand']!r}.") from error
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Segment {made.code} created.")
