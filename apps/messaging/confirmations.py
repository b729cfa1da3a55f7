"""Asking people to confirm an opt-in, in the call that makes it wait for a confirmation."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from apps.customers.core.subscriptions import Subscription
from apps.kernel.fragments import Fragment
from apps.kernel.ids import new_id
from apps.messaging.core.consent import CHANNEL_OF, subscription_is_pending
from apps.messaging.core.kinds import Channel
from apps.messaging.fragments import confirmation
from apps.messaging.poke import poke
from apps.requestlog.core.call import Call


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan takes over: parts of its write, and the poke after its commit."""

    fragments: tuple[Fragment, ...] = ()
    after_commit: tuple[Callable[[], None], ...] = ()


NOTHING = Asked()


def ask_customer(call: Call, *, wallet_id: int, channels: Iterable[Channel]) -> Asked:
    """The customer of a card (or a child card), once by each channel. Asks nobody where the call is of the past: old
    opt-ins that are brought along are no reason to write to people."""
    if call.moment != call.now:
        return NOTHING
    ids = {channel: new_id() for channel in dict.fromkeys(channels)}
    fragments = tuple(
        confirmation(
            brand_id=call.brand_id,
            operation_id=call.id,
            message_id=message_id,
            channel=channel,
            now=call.now,
            wallet_id=wallet_id,
        )
        for channel, message_id in ids.items()
    )
    return Asked(fragments, (partial(poke, call.brand_id, list(ids.values())),)) if ids else NOTHING


def ask_address(
    call: Call, *, channel: str, subscription_id: int, before: Subscription | None, after: Subscription
) -> Asked:
    """The owner of an address, if it begins to wait with this call. `channel` as in the contract."""
    if call.moment != call.now or subscription_is_pending(before) or not subscription_is_pending(after):
        return NOTHING
    message_id = new_id()
    fragment = confirmation(
        brand_id=call.brand_id,
        operation_id=call.id,
        message_id=message_id,
        channel=CHANNEL_OF[channel],
        now=call.now,
        subscription_id=subscription_id,
    )
    return Asked((fragment,), (partial(poke, call.brand_id, [message_id]),))
