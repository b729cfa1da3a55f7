"""updateAccount: the people of a card or of a child card, how they may be reached, and what happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from apps.cards.core.events import CUSTOM, OPT_IN, OPT_OUT, NewEvent
from apps.cards.fragments import log_events, update_child_account
from apps.cards.fragments import update_account as card_fragment
from apps.cards.queries.locks import lock_families
from apps.customers.core.customer import check_changes, updated
from apps.customers.core.fields import FieldChange, values_after
from apps.customers.core.roles import Role
from apps.customers.core.third_parties import (
    NO_LINK,
    Link,
    LinkUpdate,
    check_link_update,
    link_after,
    list_writes,
    merged,
    preference_changed,
)
from apps.customers.fragments import Holder, write_customer, write_field_values, write_links, write_list_opt_ins
from apps.customers.queries.read_people import PeopleQuery, PeopleRead, Person, read_people
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import InvalidInput
from apps.kernel.fragments import Fragment
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.under_lock import NO_PIN, PinClaim, Scene, open_card

PRIMARY, ALTERNATE = "primaryCustomer", "alternateCustomer"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWanted:
    """An event of one of the brand's own types. It happened at the call's moment unless `happened_at` is given."""

    category_id: str
    payload: str | None = None
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """What to change. `customer` and `alternate` map attributes of `Demographics` to new values; an empty text clears.
    The brand's fields and the links are those of the primary customer."""

    customer: Mapping[str, Any] = field(default_factory=dict)
    alternate: Mapping[str, Any] = field(default_factory=dict)
    custom_number: str | None = None
    enrols: bool = False
    fields: tuple[FieldChange, ...] = ()
    links: tuple[LinkUpdate, ...] = ()
    events: tuple[EventWanted, ...] = ()

    @property
    def is_about_the_primary(self) -> bool:
        """Whether something is to be stored of the primary customer."""
        return bool(self.customer or self.fields or self.links)

    @property
    def needs_reading(self) -> bool:
        """Whether more must be known than the card itself."""
        return bool(self.is_about_the_primary or self.alternate or self.events)


@dataclass(frozen=True, slots=True)
class AccountUpdated:
    """The card, and whether this call enrolled its customer."""

    card_number: str
    newly_enrolled: bool


class NotForChildren(InvalidInput):
    """Child cards have no custom number and no enrolment of their own (9)."""

    message = "A child card has no custom number and no enrolment of its own."


class UnknownEventType(InvalidInput):
    """The brand has no such active event type (9)."""


def update_account(
    *,
    call: Call,
    configuration: Configuration,
    card_number: str,
    wanted: AccountChange,
    child_number: str | None = None,
    claim: PinClaim = NO_PIN,
    record: Record[AccountUpdated] | None = None,
) -> AccountUpdated:
    """Change the account of an active card, or of one of its children. Six statements, five without people.

    Unknown card or child, inactive card: 2, 11; wrong PIN: 10. 9: phones, countries and e-mail addresses that cannot be
    such; custom number or enrolment of a child; fields, third parties, lists and event types that the brand does not
    have, or that do not take what is sent. Enrolling an enrolled card has no effect.
    """
    _check(wanted, is_child=child_number is not None)
    wanted = replace(wanted, links=tuple(link for link in merged(wanted.links) if link.sent != NO_LINK))

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[AccountUpdated]:
        scene = open_card(
            cursor,
            call=call,
            configuration=configuration,
            locked=locked,
            number=card_number,
            claim=claim,
            child_number=child_number,
        )
        enrols = wanted.enrols and scene.card.enrolled_at is None
        people = _read(cursor, scene, wanted) if wanted.needs_reading else None
        return Plan(
            answer=AccountUpdated(card_number, enrols),
            call_type=CallType.UPDATE_ACCOUNT,
            occurred_at=scene.book.at,
            fragments=[
                *_card(scene, wanted, people, enrols=enrols),
                *(_people(scene, wanted, people) if people is not None else ()),
                *scene.posting(),
            ],
            family_id=scene.family_id,
            child_id=scene.child_id,
        )

    return change(call=call, lock=lock_families([card_number]), decide=decide, record=record)


def _check(wanted: AccountChange, *, is_child: bool) -> None:
    if is_child and (wanted.custom_number is not None or wanted.enrols):
        raise NotForChildren
    check_changes(dict(wanted.customer), name=PRIMARY)
    check_changes(dict(wanted.alternate), name=ALTERNATE)
    for link in wanted.links:
        check_link_update(link)


def _read(cursor: Cursor, scene: Scene, wanted: AccountChange) -> PeopleRead:
    owner = scene.child or scene.card
    query = PeopleQuery(
        primary_id=owner.customer_id,
        alternate_id=owner.alternate_customer_id,
        new_primary=owner.customer_id is None and wanted.is_about_the_primary,
        new_alternate=owner.alternate_customer_id is None and bool(wanted.alternate),
        fields=[each.code for each in wanted.fields],
        third_parties=[each.third_party for each in wanted.links],
        categories=[each.category_id for each in wanted.events],
    )
    return read_people(cursor, brand_id=scene.call.brand_id, query=query)


def _card(scene: Scene, wanted: AccountChange, people: PeopleRead | None, *, enrols: bool) -> list[Fragment]:
    """The row of the card (or of the child), where something of it changes."""
    customer_id = people.primary.id if people is not None and people.primary.is_new else None
    alternate_id = people.alternate.id if people is not None and people.alternate.is_new else None
    if customer_id is alternate_id is None and wanted.custom_number is None and not enrols:
        return []
    brand_id = scene.call.brand_id
    if scene.child is not None:
        child_id = scene.child.id
        return [
            update_child_account(
                brand_id=brand_id, child_id=child_id, customer_id=customer_id, alternate_id=alternate_id
            )
        ]
    return [
        card_fragment(
            brand_id=brand_id,
            card_id=scene.card.id,
            custom_number=wanted.custom_number,
            enrolled_at=scene.call.moment if enrols else None,
            customer_id=customer_id,
            alternate_id=alternate_id,
        )
    ]


def _people(scene: Scene, wanted: AccountChange, people: PeopleRead) -> list[Fragment]:
    is_child = scene.child is not None
    role, alternate = (Role.CHILD, Role.CHILD_ALTERNATE) if is_child else (Role.PRIMARY, Role.ALTERNATE)
    after = {
        each.third_party: link_after(people.links.get(each.third_party, NO_LINK), each.sent) for each in wanted.links
    }
    return [
        *_customer(scene, people.primary, wanted.customer, role=role, name=PRIMARY),
        *_customer(scene, people.alternate, wanted.alternate, role=alternate, name=ALTERNATE),
        *_what_hangs_on(scene, wanted, people, after, role=role),
        *_events(scene, [*_logged(scene, wanted, people), *_preferences(scene, wanted, people, after)]),
    ]


def _customer(scene: Scene, person: Person, changes: Mapping[str, Any], *, role: Role, name: str) -> list[Fragment]:
    """The row of a customer, where it is new or changes."""
    if person.id is None or not (changes or person.is_new):
        return []
    location = scene.configuration.location(scene.call.location_id)
    country = location.country if location else scene.configuration.country
    write = write_customer(
        brand_id=scene.call.brand_id,
        customer_id=person.id,
        is_new=person.is_new,
        demographics=updated(person.demographics, dict(changes), country=country, name=name),
        role=role,
        card_id=scene.card.id,
    )
    return [write]


def _what_hangs_on(
    scene: Scene, wanted: AccountChange, people: PeopleRead, links: Mapping[str, Link], *, role: Role
) -> list[Fragment]:
    """The brand's fields, links and lists of the primary customer."""
    if not (wanted.fields or wanted.links):
        return []
    assert people.primary.id is not None, "a customer was to be made"
    holder = Holder(brand_id=scene.call.brand_id, customer_id=people.primary.id, role=role, card_id=scene.card.id)
    opt_ins = [write for update in wanted.links for write in list_writes(people.lists, update)]
    values = values_after(people.fields, wanted.fields)
    return [
        *(write_field_values(holder, values) if values else ()),
        *([write_links(holder, links, at=scene.call.moment)] if links else ()),
        *([write_list_opt_ins(holder, opt_ins, at=scene.call.moment)] if opt_ins else ()),
    ]


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


def _events(scene: Scene, events: list[NewEvent]) -> list[Fragment]:
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
