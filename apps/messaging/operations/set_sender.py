"""Say how a brand sends on a channel."""

import json
from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any

from apps.brands.models import Brand
from apps.kernel.errors import InvalidInput
from apps.kernel.sealing import cipher
from apps.messaging.core.kinds import Channel
from apps.messaging.models import Sender
from apps.messaging.providers.table import PROVIDERS, problems_of

SHORTEST_KEY = 32
"""Characters of a key that signs."""


def set_sender(
    *,
    brand: Brand,
    channel: Channel,
    kind: str,
    from_address: str = "",
    settings: Mapping[str, Any] | None = None,
    secrets: Mapping[str, str] | None = None,
    is_active: bool = True,
) -> str | None:
    """Make or replace the brand's sender of a channel. Secrets are kept sealed and never shown again.

    Where the provider signs what it sends and no `signing_key` is given, one is made and returned: the receiver needs
    it. 9 for a provider that the channel does not have, and for what is missing, unknown or malformed.
    """
    told, sealed = dict(settings or {}), dict(secrets or {})
    made = None
    if kind in PROVIDERS and "signing_key" in PROVIDERS[kind].secrets and not sealed.get("signing_key"):
        made = sealed["signing_key"] = token_urlsafe(SHORTEST_KEY)
    wrong = problems_of(channel, kind, from_address=from_address, settings=told, secrets=sealed)
    if len(sealed.get("signing_key", "." * SHORTEST_KEY)) < SHORTEST_KEY:
        wrong.append(f"signing_key has at least {SHORTEST_KEY} characters.")
    if wrong:
        raise InvalidInput(" ".join(wrong))
    row = {"kind": kind, "from_address": from_address, "settings": told, "is_active": is_active}
    secret = cipher().encrypt(json.dumps(sealed).encode()) if sealed else None
    Sender.objects.update_or_create(brand=brand, channel=channel.value, defaults=row | {"secrets": secret})
    return made
