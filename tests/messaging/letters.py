"""What tests of messages share: a customer who may be written to, a message in the outbox, what arrived."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from apps.cards.models import Card
from apps.kernel.db.hot import Cursor
from apps.kernel.ids import new_id
from apps.messaging.core.kinds import Channel
from apps.messaging.fragments import NewMessage, outbox
from apps.messaging.models import Outbox
from apps.messaging.operations.send_message import send_message
from apps.messaging.operations.set_sender import set_sender
from apps.messaging.operations.settle_message import Outcome, Unsent
from apps.messaging.providers.file import path_of
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import change
from tests.shop import Shop

ADA = {"firstName": "Ada", "lastName": "Lovelace", "email": "Ada@example.com", "mobilePhone": "+14155550123"}
EMAIL_IN = {"thirdParty": "email", "optIn": True}
PHONE_IN = {"thirdParty": "phone", "optIn": True, "optInConfirmed": True}


def ada(shop: Shop, *links: dict[str, Any], **customer: Any) -> str:
    """A card of Ada, with these links; opted in to e-mail and SMS unless some are given."""
    card = shop.card()
    links = links or (EMAIL_IN, PHONE_IN)
    body = {"cardNumber": card, "primaryCustomer": ADA | customer, "thirdPartyUpdates": list(links)}
    shop.ok("updateAccount", body)
    return card


def wallet_of(shop: Shop, card: str) -> int:
    """The wallet of a card."""
    found = Card.objects.get(brand=shop.brand, number=card).wallet_id
    assert found is not None
    return found


def new_message(channel: Channel = Channel.EMAIL, body: str = "Hello {{firstName}}", **more: Any) -> NewMessage:
    """A message of a rule's result."""
    more = {"subject": "News"} | more if channel == Channel.EMAIL else more
    facts: dict[str, Any] = {"id": new_id(), "result_uuid": uuid4(), "rule_uuid": uuid4()}
    return NewMessage(channel=channel, body=body, **facts | more)


def posted(shop: Shop, card: str | int | None, messages: Sequence[NewMessage], *, now: datetime | None = None) -> UUID:
    """Write messages as a call does, of a card or a wallet; returns the operation."""
    call = shop.call()
    wallet_id = wallet_of(shop, card) if isinstance(card, str) else card

    def decide(_cursor: Cursor, _locked: frozenset[int]) -> Plan[UUID]:
        fragments = outbox(
            brand_id=shop.brand.pk, operation_id=call.id, wallet_id=wallet_id, messages=messages, now=now or call.now
        )
        return Plan(answer=call.id, call_type=CallType.UPDATE_ACCOUNT, occurred_at=call.now, fragments=fragments)

    return change(call=call, lock=None, decide=decide)


def post(shop: Shop, card: str | int | None, channel: Channel = Channel.EMAIL, **more: Any) -> UUID:
    """One message in the outbox; its id."""
    message = new_message(channel, **more)
    posted(shop, card, [message])
    return message.id


def send(shop: Shop, message_id: UUID, *, now: datetime | None = None) -> Outcome | None:
    """Send it now."""
    return send_message(brand_id=shop.brand.pk, message_id=message_id, now=now or datetime.now(UTC))


def unsent(shop: Shop, message_id: UUID) -> str:
    """Send it, and expect that it is not to go: the reason."""
    outcome = send(shop, message_id)
    assert isinstance(outcome, Unsent), outcome
    assert row_of(shop, message_id).reason == outcome.reason.value
    return outcome.reason.value


def row_of(shop: Shop, message_id: UUID) -> Outbox:
    """The row of a message."""
    return Outbox.objects.get(brand=shop.brand, id=message_id)


def to_files(shop: Shop, *channels: Channel) -> None:
    """The brand sends to files."""
    for channel in channels or tuple(Channel):
        set_sender(brand=shop.brand, channel=channel, kind="file")


def arrived(shop: Shop, channel: Channel = Channel.EMAIL) -> list[dict[str, Any]]:
    """What stands in the file of a channel."""
    path = path_of(shop.brand.code, channel)
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
