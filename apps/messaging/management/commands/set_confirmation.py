"""Say what asks people to confirm an opt-in."""

from argparse import ArgumentParser, FileType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.kernel.errors import Refusal
from apps.messaging.core.kinds import Channel
from apps.messaging.operations.set_confirmation import set_confirmation


class Command(BaseCommand):
    help = "Set the text that goes out when an opt-in waits for its confirmation. E-mails want {{confirmUrl}} in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--channel", required=True, choices=[Channel.EMAIL.value, Channel.SMS.value])
        parser.add_argument("--subject", default="")
        parser.add_argument("body", type=FileType(), help="a file with the template; - reads the standard input")
        parser.add_argument("--off", action="store_true", help="keep it, but send none")

    def handle(self, *args: Any, brand: str, channel: str, subject: str, **options: Any) -> None:
        owner = Brand.objects.filter(code=brand).first()
        if owner is None:
            raise CommandError(f"There is no brand {brand}.")
        try:
            set_confirmation(
                brand=owner,
                channel=Channel(channel),
                subject=subject,
                body=options["body"].read(),
                is_active=not options["off"],
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{channel}: set")
