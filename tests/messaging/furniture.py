"""Rows of messaging, with every reference in use."""

from uuid import UUID

from apps.cards.models import Card
from apps.kernel.ids import new_id
from apps.messaging.models import Confirmation, Outbox, Sender
from tests.merchant_api.steady import NOW
from tests.shop import Shop


def furnish_messages(shop: Shop, card: Card, operation: UUID) -> None:
    """A sender, a template that asks to confirm, and a message of the card."""
    brand = {"brand": shop.brand}
    Sender.objects.create(channel="sms", kind="console", **brand)
    Confirmation.objects.create(channel="sms", body="Reply YES", **brand)
    Outbox.objects.create(
        id=new_id(),
        operation_id=operation,
        wallet_id=card.wallet_id,
        result_uuid=new_id(),
        no=1,
        channel="sms",
        body="Hello",
        created_at=NOW,
        due_at=NOW,
        **brand,
    )
