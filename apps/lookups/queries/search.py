"""search: find cards by their numbers, their customers and their child cards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from apps.cards.core.status import CardStatus
from apps.cards.operations.check_pin import check_pin, count_blind_guess
from apps.cards.queries.open_pin import open_pin
from apps.coupons.queries.coupons_of import CouponSeen
from apps.customers.core.phones import to_e164
from apps.kernel.currencies import is_currency
from apps.kernel.db.hot import Cursor, hot_cursor
from apps.kernel.errors import InvalidInput
from apps.lookups.core.card_filters import CardQuery, check_query
from apps.lookups.core.card_sets import allowed_sets
from apps.lookups.queries.card_parts import CardParts, HolderSeen, PartsRead, PersonSeen, holder_seen, read_parts
from apps.lookups.queries.find_cards import FoundCard, FoundChild, find_cards, find_children
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.segments.queries.segments_of import SegmentSeen
from apps.transactions.under_lock import NO_PIN, PinClaim, current, guesser_of

NOTHING_MORE = CardParts()
NO_PHONE = "?"
"""Takes the place of what cannot be a phone number: no stored one is equal to it."""


@dataclass(frozen=True, slots=True)
class ChildSeen:
    """A child card."""

    number: str
    holder: HolderSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSeen:
    """A card. What was not asked for is None or nothing, as if there were none."""

    number: str
    card_set_code: str
    status: CardStatus
    custom_number: str | None
    activated_at: datetime | None
    enrolled_at: datetime | None
    holder: HolderSeen
    giver_customer: PersonSeen | None
    coupons: Sequence[CouponSeen]
    segments: Sequence[SegmentSeen]
    pin: str | None
    children: Sequence[ChildSeen]


def search(
    *,
    call: Call,
    configuration: Configuration,
    query: CardQuery,
    parts: CardParts = NOTHING_MORE,
    claim: PinClaim = NO_PIN,
) -> list[CardSeen]:
    """The cards that match, in the order of their ids. What is refused with 9: see `check_query` and `check_currency`.

    A forced PIN is checked where a card number is looked for: wrong 10; a card that is not found counts as a guess.
    The number of statements does not depend on how many cards there are or match: one or two for the cards, and see
    `read_parts`.
    """
    check_query(query)
    check_currency(parts.currency)
    cursor = hot_cursor()
    query = _with_e164(query, call, configuration)
    configuration, found = _find(cursor, call, configuration, query)
    if claim.is_forced and query.filters is not None and query.filters.card_number is not None:
        named = [card for card in found if card.number == query.filters.card_number]
        _check_pin(named, call, configuration, claim)
    children: dict[int, list[FoundChild]] = {}
    if parts.children:
        families = [card.family_id for card in found if card.family_id is not None]
        children = find_children(cursor, brand_id=call.brand_id, query=query, families=families)
    read = read_parts(
        cursor,
        call=call,
        configuration=configuration,
        parts=parts,
        cards=found,
        children=[child for each in children.values() for child in each],
    )
    return [_seen(card, children.get(card.family_id or 0, []), call, configuration, parts, read) for card in found]


def check_currency(code: str | None) -> None:
    """Refuse (9) to convert into a currency that does not exist."""
    if code is not None and not is_currency(code):
        raise InvalidInput(f"convertToCurrency: there is no currency {code!r}.")


def _find(
    cursor: Cursor, call: Call, configuration: Configuration, query: CardQuery
) -> tuple[Configuration, list[FoundCard]]:
    """The cards, found again where the brand's card sets were not those that this process knew."""
    sets = allowed_sets(query.filters, configuration)
    number, found = find_cards(cursor, brand_id=call.brand_id, query=query, sets=sets)
    fresh = current(configuration, number, call)
    if fresh is not configuration:
        sets = allowed_sets(query.filters, fresh)
        _, found = find_cards(cursor, brand_id=call.brand_id, query=query, sets=sets)
    return fresh, found


def _with_e164(query: CardQuery, call: Call, configuration: Configuration) -> CardQuery:
    """The phones that are looked for, as they are stored."""
    location = configuration.location(call.location_id)
    countries = [location.country, configuration.country] if location else [configuration.country]
    filters, children = (
        group and replace(group, phone=_e164(group.phone, countries), mobile_phone=_e164(group.mobile_phone, countries))
        for group in (query.filters, query.children)
    )
    return replace(query, filters=filters, children=children)


def _e164(phone: str | None, countries: Sequence[str]) -> str | None:
    if not phone:
        return phone
    return next((number for country in countries if (number := to_e164(phone, country=country))), NO_PHONE)


def _check_pin(named: Sequence[FoundCard], call: Call, configuration: Configuration, claim: PinClaim) -> None:
    """A number names one card at most; where it finds none, the attempt counts too, or guessing were free."""
    if not named:
        count_blind_guess(guesser=guesser_of(call))
    for card in named:
        check_pin(
            guesser=guesser_of(call),
            card_id=card.id,
            sealed=card.pin,
            pin=claim.pin,
            uses_pins=configuration.program_of(card.card_set_id).uses_pins,
        )


def _seen(
    card: FoundCard,
    children: Sequence[FoundChild],
    call: Call,
    configuration: Configuration,
    parts: CardParts,
    read: PartsRead,
) -> CardSeen:
    program = configuration.program_of(card.card_set_id)

    def holder(each: FoundCard | FoundChild) -> HolderSeen:
        return holder_seen(each, program=program, call=call, configuration=configuration, parts=parts, read=read)

    return CardSeen(
        number=card.number,
        card_set_code=configuration.card_sets[card.card_set_id].code,
        status=card.status,
        custom_number=card.custom_number,
        activated_at=card.activated_at,
        enrolled_at=card.enrolled_at,
        holder=holder(card),
        giver_customer=read.person(card.giver_customer_id) if parts.giver_customer else None,
        coupons=read.coupons.get(card.wallet_id or 0, []),
        segments=read.segments.get(card.wallet_id or 0, []),
        pin=open_pin(card.pin) if parts.pin and program.uses_pins else None,
        children=[ChildSeen(child.number, holder(child)) for child in children],
    )
