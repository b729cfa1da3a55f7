"""All that is known about the people on a card, as far as an erasure must know it."""

from dataclasses import dataclass
from datetime import datetime

from apps.cards.core.state import CardState
from apps.cards.core.status import CardNotActive
from apps.cards.queries.personal import related_cards, telling_events
from apps.cards.queries.read_cards import read_cards
from apps.customers.queries.locks import lock_addresses
from apps.customers.queries.people_of_card import PeopleOfCard, people_of_card
from apps.customers.queries.subscribed_addresses import SubscribedAddress, subscribed_addresses
from apps.kernel.db.hot import Cursor
from apps.segments.queries.memberships import memberships


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The people on a card that was ever activated. `events` counts those with contents, `memberships` those
    in segments; `related_cards` are the numbers of cards that it was transferred to or from; `last_at` is when value
    last moved."""

    card: CardState
    family_id: int
    last_at: datetime
    people: PeopleOfCard
    addresses: list[SubscribedAddress]
    events: int
    memberships: int
    related_cards: list[str]


def read_person(cursor: Cursor, *, brand_id: int, card_number: str, locks_addresses: bool = False) -> Person:
    """Read all of it. Unknown card: 2; never activated: 11.

    `locks_addresses`: the family is locked, and the addresses are to be, until the end of the unit.
    """
    found = read_cards(cursor, brand_id=brand_id, numbers=[card_number])
    card = found.card(card_number)
    if card.wallet_id is None or card.family_id is None:
        raise CardNotActive("The card was never activated: nobody holds it.")
    people = people_of_card(cursor, brand_id=brand_id, card_id=card.id)
    if locks_addresses:
        lock_addresses(cursor, brand_id=brand_id, addresses=people.traces.addresses)
    return Person(
        card=card,
        family_id=card.family_id,
        last_at=found.wallets[card.wallet_id].last_at,
        people=people,
        addresses=subscribed_addresses(
            cursor, brand_id=brand_id, customer_ids=people.ids, addresses=people.traces.addresses
        ),
        events=telling_events(cursor, brand_id=brand_id, family_id=card.family_id),
        memberships=memberships(cursor, brand_id=brand_id, family_id=card.family_id),
        related_cards=related_cards(cursor, brand_id=brand_id, family_id=card.family_id),
    )
