"""Show what became of a brand's messages."""

from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.messaging.core.kinds import WORDS, Reason, State
from apps.messaging.queries.unsent_messages import message_counts, unsent_messages


class Command(BaseCommand):
    help = "Count a brand's messages by what became of them, and list those that were not sent, with the reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--days", type=int, default=7, help="how far back (default: 7)")
        parser.add_argument("--limit", type=int, default=50, help="how many are listed (default: 50)")

    def handle(self, *args: Any, brand: str, days: int, limit: int, **options: Any) -> None:
        owner = Brand.objects.filter(code=brand).first()
        if owner is None:
            raise CommandError(f"There is no brand {brand}.")
        since = datetime.now(UTC) - timedelta(days=days)
        for channel, state, reason, count in message_counts(brand_id=owner.pk, since=since):
            self.stdout.write(f"{channel:8} {state.name.lower():7} {count:8,}  {_words(reason)}".rstrip())
        for each in unsent_messages(brand_id=owner.pk, since=since, limit=limit):
            became = State(each.state).name.lower()
            why = " ".join(filter(None, (_words(each.reason), each.detail)))
            self.stdout.write(f"{each.id} {each.channel} {became} attempts {each.attempts} {why}".rstrip())


def _words(reason: str) -> str:
    return WORDS[Reason(reason)] if reason else ""
