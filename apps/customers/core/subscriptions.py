"""What the owner of an address allows, and how a call changes it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from apps.customers.core.addresses import PHONE
from apps.customers.core.lists import UnknownList
from apps.kernel.errors import InvalidInput

MOST_KEY_VALUES = 100
"""How many names of pairs an address can have; calls add to what is there, so there must be an end."""
LONGEST_KEY_VALUES = 131_072
"""Characters of all pairs of an address together."""


@dataclass(frozen=True, slots=True)
class ChannelList:
    """An active subscription list, as clients name it."""

    id: int
    uuid: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What is allowed: nothing at all unless `global_opt_in`; before the confirmation nothing where one is required.

    `categories` maps ids of lists to in or out; `key_values` are the brand's own pairs.
    """

    global_opt_in: bool = False
    transactional_opt_in: bool = False
    double_opt_in: bool = False
    double_opt_in_confirmed: bool = False
    categories: Mapping[int, bool] = field(default_factory=dict)
    key_values: Mapping[str, str] = field(default_factory=dict)


NOTHING_SAID = Subscription()
"""What an address that was never heard of answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionChange:
    """What a call wants; None leaves a field as it is. Categories are named by uuid or name, with in or out."""

    global_opt_in: bool
    transactional_opt_in: bool | None = None
    double_opt_in: bool | None = None
    double_opt_in_confirmed: bool | None = None
    categories: Sequence[tuple[str, bool]] = ()
    key_values: Sequence[tuple[str, str]] = ()


def changed(
    present: Subscription | None, change: SubscriptionChange, *, channel: str, lists: Iterable[ChannelList]
) -> Subscription:
    """The subscription after the call. `present` is None for an address that was never heard of.

    A global opt-out wins over all else: it ends every category, also those of the same call, and takes a confirmation
    back, so that a later opt-in has to be confirmed anew. A new phone must confirm unless the call says otherwise.
    Pairs and categories are added to those that are there. Unknown list, a name twice, too many or too long pairs: 9.
    """
    before = present or Subscription(double_opt_in=channel == PHONE)
    categories = {**before.categories, **_categories(change.categories, lists)}
    confirmed = _said(change.double_opt_in_confirmed, before.double_opt_in_confirmed and change.global_opt_in)
    return Subscription(
        global_opt_in=change.global_opt_in,
        transactional_opt_in=_said(change.transactional_opt_in, before.transactional_opt_in),
        double_opt_in=_said(change.double_opt_in, before.double_opt_in),
        double_opt_in_confirmed=confirmed,
        categories=categories if change.global_opt_in else {},
        key_values=_key_values(before.key_values, change.key_values),
    )


def _said(wanted: bool | None, otherwise: bool) -> bool:
    return otherwise if wanted is None else wanted


def _categories(wanted: Sequence[tuple[str, bool]], lists: Iterable[ChannelList]) -> dict[int, bool]:
    known = list(lists)
    by_name = {each.name.lower(): each.id for each in known}
    by_uuid = {str(each.uuid): each.id for each in known}
    found: dict[int, bool] = {}
    for name, opt_in in wanted:
        list_id = by_uuid.get(name.lower()) or by_name.get(name.lower())
        if list_id is None:
            raise UnknownList
        if list_id in found:
            raise InvalidInput(f"categories names {name} twice.")
        found[list_id] = opt_in
    return found


def _key_values(before: Mapping[str, str], wanted: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    sent = dict(wanted)
    if len(sent) < len(wanted):
        raise InvalidInput("customKeyValues has a name twice.")
    after = {**before, **sent}
    if len(after) > MOST_KEY_VALUES:
        raise InvalidInput(f"An address can have at most {MOST_KEY_VALUES} customKeyValues.")
    if sum(len(name) + len(value) for name, value in after.items()) > LONGEST_KEY_VALUES:
        raise InvalidInput(f"The customKeyValues of an address can have at most {LONGEST_KEY_VALUES} characters.")
    return after
