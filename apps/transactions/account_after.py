"""An account as an update leaves it: for the rows that are written, and for the rules that look at it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from apps.campaigns.core.kinds import Window
from apps.cards.core.events import CUSTOM, OPT_IN, OPT_OUT, NewEvent
from apps.cards.fragments import log_events
from apps.customers.core.addresses import PHONE
from apps.customers.core.customer import Demographics, updated
from apps.customers.core.fields import FieldChange, values_after
from apps.customers.core.lists import ListWrite
from apps.customers.core.roles import Role
from apps.customers.core.third_parties import (
    NO_LINK,
    Link,
    LinkUpdate,
    link_after,
    list_writes,
    merged,
    preference_changed,
)
from apps.customers.fragments import Holder, write_customer, write_field_values, write_links, write_list_opt_ins
from apps.customers.queries.read_people import PeopleRead, Person
from apps.kernel.errors import InvalidInput
from apps.kernel.fragments import Fragment
from apps.messaging.core.consent import CHANNEL_OF
from apps.messaging.queries.read_recipient import address_of
from apps.transactions.firing.stage import Stage
from apps.transactions.under_lock import Scene

PRIMARY, ALTERNATE = "primaryCustomer", "alternateCustomer"
_ADDRESSES = {"email", "phone", "mobile_phone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWanted:
    """An event of one of the brand's own types. It happened at the call's moment unless `happened_at` is given."""

    category_id: str
    payload: str | None = None
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """What to change. `customer` and `alternate` map attributes of `Demographics` to new values; an empty text clears.
    The brand's fields and the links are those of the primary customer. `asks_by_email`: whether an e-mail may ask to
    confirm an opt-in."""

    customer: Mapping[str, Any] = field(default_factory=dict)
    alternate: Mapping[str, Any] = field(default_factory=dict)
    custom_number: str | None = None
    enrols: bool = False
    fields: tuple[FieldChange, ...] = ()
    links: tuple[LinkUpdate, ...] = ()
    events: tuple[EventWanted, ...] = ()
    asks_by_email: bool = True

    @property
    def is_about_the_primary(self) -> bool:
        """Whether something is to be stored of the primary customer."""
        return bool(self.customer or self.fields or self.links)

    @property
    def third_parties(self) -> list[str]:
        """Those whose links may change: see `of_new_addresses`."""
        channels = CHANNEL_OF if _ADDRESSES & set(self.customer) else ()
        return list(dict.fromkeys([*(each.third_party for each in self.links), *channels]))

    @property
    def needs_reading(self) -> bool:
        """Whether more must be known than the card itself."""
        return bool(self.is_about_the_primary or self.alternate or self.events)


class UnknownEventType(InvalidInput):
    """The brand has no such active event type (9)."""


@dataclass(frozen=True, slots=True)
class PersonAfter:
    """A customer to be written."""

    id: int
    is_new: bool
    demographics: Demographics


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAfter:
    """What an update makes of the people of a card. People are None where nothing of them is written; `values` of the
    brand's fields by field id, `fields` the same by code; `lists` are the names of lists by id."""

    customer_id: int | None = None
    primary: PersonAfter | None = None
    alternate: PersonAfter | None = None
    values: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    opt_ins: Sequence[ListWrite] = ()
    lists: Mapping[int, str] = field(default_factory=dict)
    events: Sequence[NewEvent] = ()


UNCHANGED = AccountAfter()


def of_new_addresses(scene: Scene, wanted: AccountChange, people: PeopleRead) -> AccountChange:
    """A confirmation is of one address: where messages would go to another one now, it is not confirmed, unless the
    call says so itself."""
    after = _person(scene, people.primary, wanted.customer, name=PRIMARY)
    if after is None or after.is_new:
        return wanted
    before = people.primary.demographics
    moved = [
        LinkUpdate(third_party=name, sent=Link(opt_in_confirmed=False))
        for name, channel in CHANNEL_OF.items()
        if people.links.get(name, NO_LINK).opt_in_confirmed
        and address_of(before, channel).lower() not in ("", address_of(after.demographics, channel).lower())
    ]
    return replace(wanted, links=tuple(merged([*moved, *wanted.links]))) if moved else wanted


def account_after(scene: Scene, wanted: AccountChange, people: PeopleRead) -> AccountAfter:
    """Work out what an update changes. 9: see `update_account`."""
    links = {
        each.third_party: link_after(people.links.get(each.third_party, NO_LINK), each.sent) for each in wanted.links
    }
    values = values_after(people.fields, wanted.fields) if wanted.fields else {}
    codes = {each.id: code for code, each in people.fields.items()}
    return AccountAfter(
        customer_id=people.primary.id,
        primary=_person(scene, people.primary, wanted.customer, name=PRIMARY),
        alternate=_person(scene, people.alternate, wanted.alternate, name=ALTERNATE),
        values=values,
        fields={codes[id]: texts for id, texts in values.items()},
        links=links,
        opt_ins=[write for update in wanted.links for write in list_writes(people.lists, update)],
        lists={each.id: each.name for each in people.lists},
        events=[*_logged(scene, wanted, people), *_preferences(scene, wanted, people, links)],
    )


def write_account(scene: Scene, after: AccountAfter, *, values: Mapping[int, tuple[str, ...]]) -> list[Fragment]:
    """The rows of people, what hangs on them, and events. `values`: what campaigns made of the brand's fields since."""
    is_child = scene.child is not None
    role, alternate = (Role.CHILD, Role.CHILD_ALTERNATE) if is_child else (Role.PRIMARY, Role.ALTERNATE)
    return [
        *_customer(scene, after.primary, role),
        *_customer(scene, after.alternate, alternate),
        *_what_hangs_on(scene, after, {**after.values, **values}, role),
        *_events(scene, after.events),
    ]


def readings_after(stage: Stage, wanted: AccountChange, after: AccountAfter) -> dict[str, Any]:
    """What was read of the account, as it is after the update. What nobody asked for stays away."""
    readings = dict(stage.readings)
    if "customer" in readings and after.primary is not None:
        readings["customer"] = {name: str(value) for name, value in asdict(after.primary.demographics).items() if value}
    if "fields" in readings:
        readings["fields"] = {**(readings["fields"] or {}), **after.fields}
    if "printed" in readings and wanted.custom_number is not None:
        readings["printed"] = {**(readings["printed"] or {}), "customCardNumber": wanted.custom_number}
    if "opted_in" in readings:
        readings["opted_in"] = _opted_in(set(readings["opted_in"] or ()), after)
    if "events" in readings:
        readings["events"] = [
            [category, window, count + _logged_in(stage, after.events, category, window)]
            for category, window, count in readings["events"] or ()
        ]
    return readings


def _opted_in(names: set[str], after: AccountAfter) -> list[str]:
    for name, link in after.links.items():
        # an opt-in to SMS always waits for its confirmation
        waits = (link.opt_in_confirmation_required or name == PHONE) and not link.opt_in_confirmed
        (names.add if link.opt_in and not waits else names.discard)(name)
    for write in after.opt_ins:
        name = after.lists[write.list_id]
        (names.add if write.state.opt_in and not write.state.is_pending else names.discard)(name)
    return sorted(names)


def _logged_in(stage: Stage, events: Sequence[NewEvent], category: str, window: str) -> int:
    """How many of the events of this call are of the category and lie in the window."""
    known: dict[str, Window] = {each.key: each for each in stage.needs.events.get(category, ())}
    first = known[window].first_day(stage.today)
    zone = stage.configuration.zone
    days = [
        each.happened_at.astimezone(zone).date()
        for each in events
        if each.root_type == CUSTOM and each.category_id == category
    ]
    return sum(first is None or day >= first for day in days)


def _person(scene: Scene, person: Person, changes: Mapping[str, Any], *, name: str) -> PersonAfter | None:
    """The customer, where it is new or changes."""
    if person.id is None or not (changes or person.is_new):
        return None
    location = scene.configuration.location(scene.call.location_id)
    country = location.country if location else scene.configuration.country
    demographics = updated(person.demographics, dict(changes), country=country, name=name)
    return PersonAfter(person.id, person.is_new, demographics)


def _logged(scene: Scene, wanted: AccountChange, people: PeopleRead) -> list[NewEvent]:
    for each in wanted.events:
        if each.category_id not in people.categories:
            raise UnknownEventType(f"There is no active event type {each.category_id}.")
    return [
        NewEvent(
            root_type=CUSTOM,
            category_id=each.category_id,
            payload=each.payload,
            happened_at=each.happened_at or scene.call.moment,
        )
        for each in wanted.events
    ]


def _preferences(scene: Scene, wanted: AccountChange, people: PeopleRead, after: Mapping[str, Link]) -> list[NewEvent]:
    """An event for each third party that the customer really opts in to or out of."""
    events = []
    for each in wanted.links:
        present, now = people.links.get(each.third_party, NO_LINK), after[each.third_party]
        if preference_changed(present, now):
            root_type = OPT_IN if now.opt_in else OPT_OUT
            moment = scene.call.moment
            events.append(
                NewEvent(root_type=root_type, category_id=each.third_party, payload=each.cause, happened_at=moment)
            )
    return events


def _customer(scene: Scene, person: PersonAfter | None, role: Role) -> list[Fragment]:
    if person is None:
        return []
    write = write_customer(
        brand_id=scene.call.brand_id,
        customer_id=person.id,
        is_new=person.is_new,
        demographics=person.demographics,
        role=role,
        card_id=scene.card.id,
    )
    return [write]


def _what_hangs_on(
    scene: Scene, after: AccountAfter, values: Mapping[int, tuple[str, ...]], role: Role
) -> list[Fragment]:
    """The brand's fields, links and lists of the primary customer."""
    if not (values or after.links or after.opt_ins):
        return []
    customer_id = after.customer_id or (scene.child or scene.card).customer_id
    assert customer_id is not None, "a customer was to be made"
    holder = Holder(brand_id=scene.call.brand_id, customer_id=customer_id, role=role, card_id=scene.card.id)
    at = scene.call.moment
    return [
        *(write_field_values(holder, values) if values else ()),
        *([write_links(holder, after.links, at=at)] if after.links else ()),
        *([write_list_opt_ins(holder, after.opt_ins, at=at)] if after.opt_ins else ()),
    ]


def _events(scene: Scene, events: Sequence[NewEvent]) -> list[Fragment]:
    if not events:
        return []
    call = scene.call
    return [
        log_events(
            brand_id=call.brand_id,
            wallet_id=scene.wallet_id,
            operation_id=call.id,
            events=events,
            recorded_at=call.now,
        )
    ]
