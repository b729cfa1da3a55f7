"""Seal everything anew after PIN_KEYS got another first key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.operations.reseal_authenticators import reseal_authenticators
from apps.brands.models import Brand
from apps.cards.operations.reseal_pins import reseal_pins


class Command(BaseCommand):
    help = "Seal PINs and second factors under the first of PIN_KEYS. Afterwards the other keys can be taken out."

    def handle(self, *args: Any, **options: Any) -> None:
        done, lost = reseal_authenticators()
        self.stdout.write(f"second factors: {done:,} sealed anew")
        for brand in Brand.objects.order_by("pk"):
            pins, unreadable = reseal_pins(brand=brand, progress=self._say)
            self.stdout.write(f"{brand.code}: {pins:,} PINs sealed anew")
            lost += unreadable
        if lost:
            raise CommandError(f"{lost:,} secrets are opened by none of PIN_KEYS and were left alone.")

    def _say(self, seen: int) -> None:
        self.stdout.write(f"  {seen:,} cards looked at")
        self.stdout.flush()
