"""What every provider gets, gives and raises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from apps.messaging.core.kinds import Channel

SECONDS = 20.0
"""After this a provider must have given up. A lease (`core.attempts.LEASE`) is much longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How the brand sends on this channel: its `models.Sender`, secrets opened."""

    brand_code: str
    kind: str
    from_address: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message as it leaves. `to` is an e-mail address, a phone in E.164 or a user name; empty for webhooks.

    `id` is the same at every attempt: a receiver that has seen it can leave the copy alone. `is_payload`: `body` is the
    whole JSON that a webhook wants.
    """

    id: UUID
    channel: Channel
    body: str
    to: str = ""
    subject: str = ""
    is_html: bool = False
    is_payload: bool = False
    url: str = ""
    third_party: str = ""
    card_number: str = ""
    request_ref: UUID


class Refused(Exception):
    """The provider will never take this message. The text says why."""


class NotNow(Exception):
    """It may work later; `wait` is what the provider asked for."""

    def __init__(self, text: str, wait: timedelta | None = None) -> None:
        self.wait = wait
        super().__init__(text)


class Provider(Protocol):
    """Sends one message, or raises Refused or NotNow. Returns the provider's own id of it, or an empty text."""

    def __call__(self, message: Outgoing, account: Account) -> str: ...


def as_json(message: Outgoing, account: Account) -> dict[str, Any]:
    """A message as HTTP receivers, the console and files see it; empty fields are left out."""
    fields = {
        "id": str(message.id),
        "channel": message.channel.value,
        "brand": account.brand_code,
        "network": message.third_party,
        "from": account.from_address,
        "to": message.to,
        "subject": message.subject,
        "body": message.body,
        "cardNumber": message.card_number,
        "requestRef": str(message.request_ref),
    }
    return {name: value for name, value in fields.items() if value}
