"""Subscriptions of e-mail addresses and phones."""

from typing import Annotated

from apps.customers.core.addresses import CHANNELS
from apps.merchant_api.wire.common import Shared
from apps.merchant_api.wire.fields import wire

Channel = Annotated[str, wire("By which way messages go.", allowed=CHANNELS, example="email")]
ChannelUser = Annotated[
    str,
    wire(
        "E-mail address or phone number; a number of another country than the location's starts with + (E.164).",
        example="ada@example.org",
    ),
]


class ChannelCategoryType(Shared, frozen=True, kw_only=True):
    """Subscription to one list of a channel."""

    opt_in: Annotated[bool, wire("In or out.", default=False)]
    category: Annotated[str, wire("Name of the list; in requests its uuid will do as well.")]


class ChannelKeyValuesType(Shared, frozen=True, kw_only=True):
    """A pair of your own."""

    name: Annotated[str, wire("Name of the pair.")]
    value: Annotated[str, wire("What to keep under this name.")]
