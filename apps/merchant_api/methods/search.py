"""search: find cards by their numbers or by their customers."""

from typing import Annotated

from msgspec import UNSET, field

from apps.customers.core.customer import Demographics
from apps.lookups.queries.find_cards import CardFilters
from apps.lookups.queries.search import CardParts, CardSeen, check_inactive, search
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.answers import balance_part, customer, day, midnight, text
from apps.merchant_api.wire.cards import Card
from apps.merchant_api.wire.common import ForcePin, Input, Pin, Response
from apps.merchant_api.wire.fields import wire
from apps.merchant_api.wire.search import SearchFilters, SearchReturnFields
from apps.transactions.under_lock import PinClaim


class SearchRequest(Input, frozen=True, kw_only=True):
    """What to look for, how much of it and what to show."""

    force_pin_validation: ForcePin = False
    include_inactive: Annotated[bool, wire("Also cards that are not active; only by number.")] = False
    convert_to_currency: Annotated[str | None, wire("Also show balances in this currency.", identifier=True)] = None
    offset: Annotated[int, wire("How many cards to skip.", minimum=0, maximum=1000)] = 0
    pin: Pin = None
    filter_logic_and: Annotated[bool, wire("Whether all filters must match, or any.", json_v2=True)] = True
    child_filters: Annotated[SearchFilters | None, wire("What child cards must match.")] = None
    limit: Annotated[int, wire("How many cards to show.", minimum=1, maximum=25)] = 10
    filters: Annotated[SearchFilters, wire("What cards must match; {} matches all.")]
    return_fields: Annotated[SearchReturnFields | None, wire("What to show of each card.")] = None


class SearchResponse(Response, kw_only=True):
    """The cards found."""

    used_cache: Annotated[bool, wire("Whether more than the card's own numbers was searched.")] = False
    cards: Annotated[list[Card], wire("The cards, in the order of their creation.")] = field(default_factory=list)


def check(request: SearchRequest) -> None:
    """Refuse what the request alone shows."""
    check_inactive(_filters(request.filters), shows_inactive=request.include_inactive)


def run(call: MerchantCall, request: SearchRequest) -> SearchResponse:
    """Find the cards."""
    filters, shows = _filters(request.filters), request.return_fields or SearchReturnFields()
    found = search(
        call=call.call,
        configuration=call.configuration,
        filters=filters,
        shows_inactive=request.include_inactive,
        parts=_parts(shows),
        claim=PinClaim(request.force_pin_validation, request.pin),
        offset=request.offset,
        limit=request.limit,
    )
    return SearchResponse(
        used_cache=filters is None or not filters.is_by_number,
        cards=[_card(card, shows, with_status=request.include_inactive) for card in found],
    )


def _filters(sent: SearchFilters) -> CardFilters | None:
    """None for a literal `{}`. An empty text counts also where the filter itself is not available yet."""
    if sent.is_literally_empty:
        return None
    return CardFilters(
        card_number=sent.card_number,
        custom_number=sent.custom_card_number,
        email=sent.email,
        phone=sent.phone,
        mobile_phone=sent.mobile_phone,
        first_name=sent.first_name,
        last_name=sent.last_name,
        has_empty_filter="" in (sent.card_set_id, sent.first_name_prefix, sent.last_name_prefix),
    )


def _parts(shows: SearchReturnFields) -> CardParts:
    return CardParts(
        balances=shows.balances,
        balances_by_expiry=shows.balance_expirations,
        delayed_balances=shows.delayed_balances,
        customer=shows.customer,
        pin=shows.pin,
    )


def _card(card: CardSeen, shows: SearchReturnFields, *, with_status: bool) -> Card:
    return Card(
        card_number=card.number,
        card_set_id=card.card_set_code,
        card_status=card.status.wire_name if with_status else UNSET,
        balances=UNSET if card.balances is None else [balance_part(part) for part in card.balances],
        customer=customer(card.customer) if card.customer not in (None, Demographics()) else UNSET,
        is_enrolled=card.enrolled_at is not None if shows.is_enrolled else UNSET,
        enrollment_date=day(card.enrolled_at) if shows.is_enrolled else UNSET,
        custom_card_number=text(card.custom_number) if shows.custom_card_number else UNSET,
        activation_date=midnight(card.activated_at) if shows.activation_date else UNSET,
        pin=text(card.pin),
    )
