"""Whether a message may go out. Pure.

Three levels have a say, and each that asks for a confirmation must have it: the card's link to the channel
(updateAccount), the address itself (updateChannelSubscription), and the list that the message belongs to, if any. A
text message needs a confirmation in any case, at the card's link where the address was never heard of.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.customers.core.addresses import EMAIL, PHONE
from apps.customers.core.lists import OUT, ListState, ListWrite
from apps.customers.core.subscriptions import Subscription
from apps.customers.core.third_parties import NO_LINK, Link
from apps.messaging.core.kinds import Channel, Purpose, Reason

CHANNEL_OF = {EMAIL: Channel.EMAIL, PHONE: Channel.SMS}
"""What the contract calls channels, and by which channel messages go there."""
NAME_OF = {channel: name for name, channel in CHANNEL_OF.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What was said. `link` None: the message is about an address and no card. `subscription` None: the address was
    never heard of. `list_state` None: the message belongs to no list; `is_list_out`: the address left that list."""

    link: Link | None = NO_LINK
    subscription: Subscription | None = None
    list_state: ListState | None = None
    is_list_out: bool = False


def why_not(channel: Channel, purpose: Purpose, consent: Consent) -> Reason | None:
    """Why a message must not go out; None if it may. A message that asks for a confirmation goes out exactly where
    one is missing."""
    if channel == Channel.WEBHOOK:
        return None
    if consent.subscription is not None and not consent.subscription.global_opt_in:
        return Reason.GLOBALLY_OUT
    if _is_out(consent):
        return Reason.NOT_OPTED_IN
    is_pending = _is_pending(channel, consent)
    if purpose == Purpose.CONFIRMATION:
        return None if is_pending else Reason.NOTHING_TO_CONFIRM
    return Reason.PENDING if is_pending else None


def _is_out(consent: Consent) -> bool:
    if consent.link is None:
        return consent.subscription is None
    is_in_list = consent.list_state is None or (consent.list_state.opt_in and not consent.is_list_out)
    return not (consent.link.opt_in and is_in_list)


def _is_pending(channel: Channel, consent: Consent) -> bool:
    link, subscription, of_list = consent.link, consent.subscription, consent.list_state
    if subscription is not None and subscription_is_pending(subscription):
        return True
    if of_list is not None and of_list.is_pending:
        return True
    if link is None:
        return False
    needs_it = bool(link.opt_in_confirmation_required) or (channel == Channel.SMS and subscription is None)
    return needs_it and not link.opt_in_confirmed


def subscription_is_pending(subscription: Subscription | None) -> bool:
    """Whether an address waits for its confirmation."""
    return bool(
        subscription
        and subscription.global_opt_in
        and subscription.double_opt_in
        and not subscription.double_opt_in_confirmed
    )


def link_is_pending(link: Link, *, third_party: str) -> bool:
    """Whether a card's opt-in to a channel waits for its confirmation."""
    needs_it = bool(link.opt_in_confirmation_required) or third_party == PHONE
    return bool(link.opt_in) and needs_it and not link.opt_in_confirmed


def asks_to_confirm(
    third_party: str, *, before: Link, after: Link, lists: Iterable[tuple[int, ListState]], writes: Iterable[ListWrite]
) -> bool:
    """Whether a change of a card makes an opt-in to a channel wait, that did not wait before. `lists` are the channel's
    as they were, by id; `writes` what becomes of some."""
    if third_party not in CHANNEL_OF:
        return False
    if link_is_pending(after, third_party=third_party) and not link_is_pending(before, third_party=third_party):
        return True
    present = dict(lists)
    return any(write.state.is_pending and not present.get(write.list_id, OUT).is_pending for write in writes)
