"""Make a subscription list."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID, uuid4

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.customers.core.addresses import CHANNELS
from apps.customers.operations.create_subscription_list import create_subscription_list
from apps.kernel.errors import Refusal


class Command(BaseCommand):
    help = "Make a list of e-mail addresses or phones to which people subscribe; its uuid is what clients name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--channel", required=True, choices=CHANNELS)
        parser.add_argument("--name", required=True)
        parser.add_argument("--uuid", type=UUID, help="one that clients know already (default: a new one)")
        parser.add_argument("--private", action="store_true", help="for the brand's own use, not for people to choose")

    def handle(
        self, *args: Any, brand: str, channel: str, name: str, uuid: UUID | None, private: bool, **options: Any
    ) -> None:
        owner = Brand.objects.filter(code=brand).first()
        if owner is None:
            raise CommandError(f"There is no brand {brand}.")
        try:
            made = create_subscription_list(
                brand=owner, uuid=uuid or uuid4(), channel=channel, name=name, is_public=not private
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{made.uuid} {made.name}")
