"""Links by which the owner of an address confirms an opt-in without a login.

A link names the card or the subscription, and holds a digest of the address that it was sent to: it confirms no other
one. It is signed, holds nothing personal, and works for some weeks.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.core import signing

from apps.brands.core.secrets import digest

LIFETIME = timedelta(days=30)
_SALT = "clutch.confirm-opt-in"


class _Message(Protocol):
    @property
    def brand_id(self) -> int: ...
    @property
    def wallet_id(self) -> int | None: ...
    @property
    def subscription_id(self) -> int | None: ...
    @property
    def channel(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says: whose opt-in to which channel. `address` is a digest."""

    brand_id: int
    channel: str
    wallet_id: int | None
    subscription_id: int | None
    address: str

    def is_for(self, address: str) -> bool:
        """Whether the link was sent to this address."""
        return self.address == _digest(self.brand_id, address)


def confirm_url(message: _Message, *, address: str) -> str:
    """The link for one message, which is sent to `address`."""
    what = [message.brand_id, message.channel, message.wallet_id, message.subscription_id]
    token = signing.dumps([*what, _digest(message.brand_id, address)], salt=_SALT)
    return f"{settings.PUBLIC_URL}/opt-in/{token}"


def read_link(token: str) -> Link | None:
    """What a token says; None if it is not ours, or too old."""
    try:
        return Link(*signing.loads(token, salt=_SALT, max_age=LIFETIME))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def _digest(brand_id: int, address: str) -> str:
    return digest(f"{brand_id} {address.lower()}", pepper=settings.API_PEPPER).hex()[:32]
