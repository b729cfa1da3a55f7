"""Erase the people on a card."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.kernel.errors import Refusal
from apps.kernel.ids import new_id
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import Origin
from apps.transactions.operations.erase_person import Erasure, erase_person


class Command(BaseCommand):
    help = (
        "Erase everything about the people on a card, in whatever status it is; value, checkouts and figures stay."
        " There is no way back. Copies elsewhere are not touched: backups, exports, files of imports."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--card", required=True, metavar="NUMBER")
        parser.add_argument("--reason", required=True, help="kept for ever with the operation: name nobody in it")
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")
        parser.add_argument("--yes", action="store_true", help="do not show it first and do not ask")

    def handle(self, *args: Any, brand: str, card: str, reason: str, dry_run: bool, yes: bool, **options: Any) -> None:
        brand_id = Brand.objects.filter(code=brand).values_list("pk", flat=True).first()
        if brand_id is None:
            raise CommandError(f"There is no brand {brand}.")
        now = datetime.now(UTC)
        call = Call(id=new_id(), brand_id=brand_id, origin=Origin.TASK, now=now, moment=now, note=reason)
        try:
            if dry_run or not yes:  # looking costs as much as erasing
                self._show(
                    f"Of card {card} this goes for good:", erase_person(call=call, card_number=card, dry_run=True)
                )
            if dry_run:
                return
            if not yes and input(f"Type {card} to erase: ") != card:
                raise CommandError("Nothing was erased.")
            self._show("Erased:", erase_person(call=call, card_number=card))
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"The operation is {call.id}.")

    def _show(self, title: str, erasure: Erasure) -> None:
        self.stdout.write(title)
        for label, count in _lines(erasure):
            self.stdout.write(f"  {label:<42} {count:>7,}")
        if erasure.shared_addresses:
            self.stdout.write(f"{erasure.shared_addresses} addresses stay subscribed: somebody else has them too.")
        if erasure.related_cards:
            cards = ", ".join(erasure.related_cards)
            self.stdout.write(f"Transferred from or to {cards}: the same person may be there. Erase there as well.")


def _lines(erasure: Erasure) -> list[tuple[str, int]]:
    return [
        ("people (the card's and its children's)", erasure.people),
        ("earlier states of these people", erasure.changes),
        ("values of the brand's own fields", erasure.field_values),
        ("links to third parties and channels", erasure.links),
        ("opt-ins to lists", erasure.list_opt_ins),
        ("subscriptions of addresses", erasure.addresses),
        ("  of these opt-outs, kept as a digest", erasure.opt_outs),
        ("contents of events", erasure.events),
        ("memberships in segments", erasure.memberships),
        ("bodies of logged calls", erasure.requests),
    ]
