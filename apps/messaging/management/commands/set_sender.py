"""Say how a brand sends on a channel."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.kernel.errors import Refusal
from apps.messaging.core.kinds import Channel
from apps.messaging.operations.set_sender import set_sender
from apps.messaging.providers.table import PROVIDERS


class Command(BaseCommand):
    help = (
        "Say by which provider a brand sends e-mails, SMS, webhooks or social messages. Replaces what was said before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--channel", required=True, choices=[each.value for each in Channel])
        parser.add_argument("--kind", required=True, choices=list(PROVIDERS))
        parser.add_argument("--from", dest="from_address", default="", metavar="ADDRESS")
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting")
        parser.add_argument(
            "--secret",
            action="append",
            default=[],
            metavar="NAME",
            help="a secret; its value is taken from the environment variable SECRET_<NAME>, or asked for",
        )
        parser.add_argument("--off", action="store_true", help="keep it, but send nothing")

    def handle(self, *args: Any, brand: str, channel: str, kind: str, **options: Any) -> None:
        owner = Brand.objects.filter(code=brand).first()
        if owner is None:
            raise CommandError(f"There is no brand {brand}.")
        settings = dict(each.partition("=")[::2] for each in options["set"])
        secrets = {name: _secret(name) for name in options["secret"]}
        try:
            made = set_sender(
                brand=owner,
                channel=Channel(channel),
                kind=kind,
                from_address=options["from_address"],
                settings=settings,
                secrets=secrets,
                is_active=not options["off"],
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{channel} by {kind}")
        if made:
            self.stdout.write(f"signing key (give it to the receiver; it is not shown again): {made}")


def _secret(name: str) -> str:
    return os.environ.get(f"SECRET_{name.upper()}") or getpass.getpass(f"{name}: ")
