"""Switch a subscription list off or on."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.customers.operations.switch_subscription_list import switch_subscription_list
from apps.kernel.errors import Refusal


class Command(BaseCommand):
    help = "Switch a subscription list off, or (--on) on again. Who subscribed to it stays known."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--uuid", required=True, type=UUID)
        parser.add_argument("--on", action="store_true")

    def handle(self, *args: Any, brand: str, uuid: UUID, on: bool, **options: Any) -> None:
        owner = Brand.objects.filter(code=brand).first()
        if owner is None:
            raise CommandError(f"There is no brand {brand}.")
        try:
            switch_subscription_list(brand=owner, uuid=uuid, is_active=on)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write("The list is on." if on else "The list is off.")
