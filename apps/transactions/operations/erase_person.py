"""Erase a person: everything about the people on a card goes, value and figures stay."""

from dataclasses import dataclass
from uuid import UUID

from apps.cards.erasure_fragments import erase_from_cards
from apps.cards.queries.locks import lock_families
from apps.checkouts.fragments import erase_checkouts
from apps.customers.erasure_fragments import erase_addresses, erase_people
from apps.kernel.db.hot import Cursor, hot_cursor
from apps.kernel.fragments import Fragment
from apps.messaging.fragments import erase_messages
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.fragments import erase_requests
from apps.requestlog.queries.requests_about import RequestsAbout, requests_about
from apps.requestlog.unit import ReadAgain, change
from apps.segments.fragments import erase_members
from apps.transactions.person import Person, read_person


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """How much goes, and what does not: addresses that somebody else has too, and cards on which the same person may be
    found. Of `opt_outs` a digest stays."""

    people: int
    field_values: int
    links: int
    list_opt_ins: int
    changes: int
    events: int
    memberships: int
    addresses: int
    opt_outs: int
    requests: int
    shared_addresses: int
    related_cards: list[str]


def erase_person(*, call: Call, card_number: str, dry_run: bool = False) -> Erasure:
    """Erase the people on a card that was ever activated, in whatever role, with its children's. Only says what would
    go if `dry_run`.

    Gone are: demographics, the brand's fields, links, opt-ins, earlier states of all these; the custom number; contents
    of events; key values of messages; memberships in segments; subscriptions of addresses that nobody else of the brand
    has; bodies, notes and addresses in the log of calls that named the card or the person. What stays: the ledger,
    checkouts, coupons, facts, dates of activation and enrolment, operations with their notes and external ids, which
    nothing can change. Erasing again is harmless.

    Unknown card: 2; never activated: 11; locked by a checkout: 14; a busy card or address: 4.
    """
    # Before the unit begins: looking through the log takes long, and the card must not be locked for that time.
    person = read_person(hot_cursor(), brand_id=call.brand_id, card_number=card_number)
    patterns = person.people.traces.patterns(card_number)
    requests = requests_about(hot_cursor(), brand_id=call.brand_id, card_number=card_number, patterns=patterns)
    if dry_run:
        return _erasure(person, requests)

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[Erasure]:
        person = read_person(cursor, brand_id=call.brand_id, card_number=card_number, locks_addresses=True)
        if person.family_id not in locked:
            raise ReadAgain
        person.card.require_unlocked(call.now)
        return Plan(
            answer=_erasure(person, requests),
            call_type=CallType.ERASE,
            occurred_at=max(call.moment, person.last_at),
            fragments=_fragments(call, person, requests.mentions),
            family_id=person.family_id,
        )

    return change(call=call, lock=lock_families([card_number]), decide=decide)


def _fragments(call: Call, person: Person, mentions: tuple[UUID, ...]) -> list[Fragment]:
    brand_id, card = call.brand_id, person.card
    own = [each for each in person.addresses if not each.is_shared]
    return [
        *erase_people(brand_id=brand_id, customer_ids=person.people.ids),
        *erase_addresses(brand_id=brand_id, addresses=own, at=call.now),
        *erase_from_cards(brand_id=brand_id, card_id=card.id, family_id=person.family_id),
        erase_members(brand_id=brand_id, family_id=person.family_id),
        erase_messages(brand_id=brand_id, family_id=person.family_id),
        erase_checkouts(brand_id=brand_id, family_id=person.family_id),
        erase_requests(brand_id=brand_id, card_number=card.number, mentions=mentions),
    ]


def _erasure(person: Person, requests: RequestsAbout) -> Erasure:
    people, own = person.people, [each for each in person.addresses if not each.is_shared]
    return Erasure(
        people=len(people.ids),
        field_values=people.field_values,
        links=people.links,
        list_opt_ins=people.list_opt_ins,
        changes=people.changes,
        events=person.events,
        memberships=person.memberships,
        addresses=len(own),
        opt_outs=sum(not each.global_opt_in for each in own),
        requests=requests.of_card + len(requests.mentions),
        shared_addresses=len(person.addresses) - len(own),
        related_cards=person.related_cards,
    )
