"""How a brand sends on a channel."""

import json

from apps.kernel.sealing import cipher
from apps.messaging.core.kinds import Channel
from apps.messaging.models import Sender
from apps.messaging.providers.interface import Account


def read_account(*, brand_id: int, channel: Channel) -> Account | None:
    """The brand's sender with its secrets opened; None if it has none, or switched it off.

    InvalidToken if no key opens the secrets."""
    sender = (
        Sender.objects.select_related("brand").filter(brand_id=brand_id, channel=channel.value, is_active=True).first()
    )
    if sender is None:
        return None
    return Account(
        brand_code=sender.brand.code,
        kind=sender.kind,
        from_address=sender.from_address,
        settings=sender.settings,
        secrets=json.loads(cipher().decrypt(bytes(sender.secrets))) if sender.secrets else {},
    )
