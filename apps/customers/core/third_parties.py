"""Links to third parties and the opt-in to the channels among them, and how an update changes them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from apps.customers.core.addresses import EMAIL, PHONE
from apps.customers.core.lists import (
    ChannelList,
    ListUpdate,
    ListWrite,
    check_list_update,
    writes_after,
    writes_of_opt_out,
)
from apps.kernel.errors import InvalidInput

CUSTOM = "custom"
THIRD_PARTIES = ("apns", CUSTOM, EMAIL, "facebook", "gcm", "instagram", PHONE, "pinterest", "twitter", "vinli")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A customer's link to one third party. None: never said; for `opt_in` that counts as out."""

    opt_in: bool | None = None
    opt_in_confirmed: bool | None = None
    opt_in_confirmation_required: bool | None = None
    username: str | None = None
    payload: str | None = None
    custom_data: str | None = None
    mobile_operator_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkUpdate:
    """A change of one link. In `sent`, None keeps what is there and an empty text removes it. `cause` is kept with the
    event that a change of the opt-in logs, and nowhere else."""

    third_party: str
    sent: Link
    cause: str | None = None
    lists: tuple[ListUpdate, ...] = ()


LINK_COLUMNS = tuple(each.name for each in fields(Link))
NO_LINK = Link()


def check_link_update(update: LinkUpdate) -> None:
    """Refuse (9) what shows from the request alone."""
    name = update.third_party
    if name not in THIRD_PARTIES:
        raise InvalidInput(f"There is no third party {name}.")
    if update.sent.custom_data and name != CUSTOM:
        raise InvalidInput(f"customData is for the third party {CUSTOM} only.")
    if update.lists and update.sent.opt_in is not True:
        raise InvalidInput(f"categories of {name} need optIn to be true.")
    for each in update.lists:
        check_list_update(each, takes_confirmation=name == PHONE)


def merged(updates: Iterable[LinkUpdate]) -> list[LinkUpdate]:
    """One update for each third party: where one is named again, the later word counts, field by field."""
    found: dict[str, LinkUpdate] = {}
    for update in updates:
        earlier = found.get(update.third_party)
        found[update.third_party] = _both(earlier, update) if earlier else update
    return list(found.values())


def _both(earlier: LinkUpdate, later: LinkUpdate) -> LinkUpdate:
    return LinkUpdate(
        third_party=earlier.third_party,
        sent=replace(earlier.sent, **_said(later.sent)),
        cause=later.cause if later.cause is not None else earlier.cause,
        lists=earlier.lists + later.lists,
    )


def link_after(present: Link, sent: Link) -> Link:
    """The link after an update. Opting out ends a confirmation: whoever opts in again must confirm again."""
    said = _said(sent)
    if sent.opt_in is False and present.opt_in_confirmed:
        said = {"opt_in_confirmed": False} | said
    return replace(present, **{name: None if value == "" else value for name, value in said.items()})


def _said(sent: Link) -> dict[str, Any]:
    return {name: value for name in LINK_COLUMNS if (value := getattr(sent, name)) is not None}


def preference_changed(present: Link, after: Link) -> bool:
    """Whether somebody who was in is out now, or the other way round."""
    return bool(present.opt_in) != bool(after.opt_in)


def list_writes(lists: Sequence[ChannelList], update: LinkUpdate) -> list[ListWrite]:
    """What an update makes of the lists of its channel. Opting out of a channel ends all of them, as a category can
    only be had with the channel. Unknown list: 9."""
    channel = update.third_party
    if update.sent.opt_in is False:
        return writes_of_opt_out(lists, channel=channel)
    return writes_after(lists, update.lists, channel=channel, needs_confirmation=channel == PHONE)
