"""Opt-in to the subscription lists of a channel. Pure.

A text message needs a double opt-in: an opt-in to a list of phones is pending (`opt_in` and `is_pending`) until the
customer has confirmed it. Whoever sends must look at both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.kernel.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class ListState:
    """A customer's opt-in to one list."""

    opt_in: bool = False
    is_pending: bool = False
    is_confirmed: bool = False


OUT = ListState()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelList:
    """A list of the brand, and what the customer has said of it."""

    id: int
    uuid: str
    channel: str
    name: str
    is_active: bool
    state: ListState = OUT


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUpdate:
    """What to change, in the list with this uuid or name (or both, which must fit)."""

    opt_in: bool
    uuid: str | None = None
    name: str | None = None
    is_pending: bool | None = None
    is_confirmed: bool | None = None
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class ListWrite:
    """An opt-in as it is to be stored. `source_id` None keeps the one that is there."""

    list_id: int
    state: ListState
    source_id: str | None = None


class UnknownList(InvalidInput):
    """The channel has no such active list (9)."""

    message = "The channel has no active category with this uuid or name."


def check_list_update(update: ListUpdate, *, takes_confirmation: bool) -> None:
    """Refuse (9) what shows from the request alone."""
    if not (update.uuid or update.name):
        raise InvalidInput("A category needs its uuid or its name.")
    if not takes_confirmation and (update.is_pending or update.is_confirmed):
        raise InvalidInput("optInPending and optInConfirmed are for categories of the phone only.")
    if update.is_pending and update.is_confirmed:
        raise InvalidInput("A category is either pending or confirmed.")


def find_list(lists: Iterable[ChannelList], update: ListUpdate, *, channel: str) -> ChannelList:
    """The active list of the channel that an update names, or UnknownList."""
    for each in lists:
        fits_uuid = not update.uuid or each.uuid == update.uuid.lower()
        fits_name = not update.name or each.name.lower() == update.name.lower()
        if each.channel == channel and each.is_active and fits_uuid and fits_name:
            return each
    raise UnknownList


def state_after(present: ListState, update: ListUpdate, *, needs_confirmation: bool) -> ListState:
    """What an update makes of an opt-in.

    Where a list needs confirmation, `is_confirmed` opts in whatever `opt_in` says, and `is_pending` asks for a
    confirmation even where there was one.
    """
    if not needs_confirmation:
        return ListState(opt_in=update.opt_in)
    if update.is_confirmed:
        return ListState(opt_in=True, is_confirmed=True)
    if not update.opt_in:
        return OUT
    asks_anew = bool(update.is_pending) or update.is_confirmed is False
    is_confirmed = present.opt_in and present.is_confirmed and not asks_anew
    return ListState(opt_in=True, is_pending=not is_confirmed, is_confirmed=is_confirmed)


def writes_after(
    lists: Sequence[ChannelList], updates: Iterable[ListUpdate], *, channel: str, needs_confirmation: bool
) -> list[ListWrite]:
    """What updates make of the lists of a channel, in their order; each list once. Unknown list: 9."""
    found: dict[int, ListWrite] = {}
    for update in updates:
        known = find_list(lists, update, channel=channel)
        present = found[known.id].state if known.id in found else known.state
        state = state_after(present, update, needs_confirmation=needs_confirmation)
        found[known.id] = ListWrite(known.id, state, update.source_id if needs_confirmation else None)
    return list(found.values())


def writes_of_opt_out(lists: Iterable[ChannelList], *, channel: str) -> list[ListWrite]:
    """Who opts out of a channel is out of all its lists."""
    return [ListWrite(each.id, OUT) for each in lists if each.channel == channel and each.state != OUT]
