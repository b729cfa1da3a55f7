"""Make inventory or Demo cards."""

import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand, Location
from apps.cards.operations.generate_cards import generate_cards
from apps.kernel.errors import Refusal
from apps.programs.models import CardSet


class Command(BaseCommand):
    help = "Make cards with unguessable numbers, and PINs where the program uses them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--card-set", required=True, metavar="CODE")
        parser.add_argument("--count", required=True, type=int)
        parser.add_argument("--prefix", default="", metavar="DIGITS", help="what all numbers begin with")
        parser.add_argument("--demo", action="store_true", help="Demo cards: active at once, a line of their own")
        parser.add_argument("--location", metavar="CODE", help="who owns the Demo cards")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["demo"] != bool(options["location"]):
            raise CommandError("--demo and --location go together.")
        count = options["count"]
        began = time.monotonic()

        def report(made: int) -> None:
            self.stdout.write(f"{made:,} of {count:,} cards, {time.monotonic() - began:.1f} s")
            self.stdout.flush()

        try:
            brand = Brand.objects.get(code=options["brand"])
            card_set = CardSet.objects.select_related("program").get(brand=brand, code=options["card_set"])
            location = Location.objects.get(brand=brand, code=options["location"]) if options["demo"] else None
            generate_cards(
                brand=brand,
                card_set=card_set,
                count=count,
                now=datetime.now(UTC),
                prefix=options["prefix"],
                demo_location=location,
                progress=report,
            )
        except (Brand.DoesNotExist, CardSet.DoesNotExist, Location.DoesNotExist) as error:
            raise CommandError(f"Unknown: {error}") from error
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
