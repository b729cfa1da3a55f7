"""Seal everything anew after PIN_KEYS got another first key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.operations.reseal_authenticators import reseal_authenticators
from apps.brands.models import Brand
from apps.cards.operations.reseal_pins import reseal_pins
from apps.messaging.operations.reseal_senders import reseal_senders


class Command(BaseCommand):
    help = (
        "Seal PINs, second factors and secrets of senders under the first of PIN_KEYS."
        " Afterwards the other keys can be taken out."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done, lost = reseal_authenticators()
        self.stdout.write(f"second factors: {done:,} sealed anew")
        for brand in Brand.objects.order_by("pk"):
            pins, unreadable = reseal_pins(brand=brand, progress=self._say)
            self.stdout.write(f"{brand.code}: {pins:,} PINs sealed anew")
            senders, unreadable_too = reseal_senders(brand=brand)
            self.stdout.write(f"{brand.code}: secrets of {senders:,} senders sealed anew")
            lost += unreadable + unreadable_too
        if lost:
            raise CommandError(f"{lost:,} secrets are opened by none of PIN_KEYS and were left alone.")

    def _say(self, seen: int) -> None:
        self.stdout.write(f"  {seen:,} cards looked at")
        self.stdout.flush()
