"""search: find cards by their numbers or by their customers."""

from typing import Annotated

from msgspec import field

from apps.kernel.errors import InvalidInput
from apps.lookups.core.card_filters import CardFilters, CardQuery, check_query
from apps.lookups.queries.card_parts import CardParts
from apps.lookups.queries.search import check_currency, search
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.card_answers import card
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
    limit: Annotated[int, wire("How many cards to show.", minimum=1, maximum=25, example=5)] = 10
    filters: Annotated[SearchFilters, wire("What cards must match; {} matches all.", example={})]
    return_fields: Annotated[
        SearchReturnFields | None, wire("What to show of each card.", example={"balances": True, "customer": True})
    ] = None


class SearchResponse(Response, kw_only=True):
    """The cards found."""

    used_cache: Annotated[bool, wire("Whether more than the card's own numbers was searched.")] = False
    cards: Annotated[list[Card], wire("The cards, in the order of their creation.")] = field(default_factory=list)


def check(request: SearchRequest) -> None:
    """Refuse what the request alone shows."""
    check_query(_query(request))
    check_currency(request.convert_to_currency)
    shows = request.return_fields
    if shows is not None and shows.recommendation_amount and request.filters.card_number is None:
        raise InvalidInput("recommendationAmount goes with filters.cardNumber only.")


def run(call: MerchantCall, request: SearchRequest) -> SearchResponse:
    """Find the cards."""
    query, shows = _query(request), request.return_fields or SearchReturnFields()
    found = search(
        call=call.call,
        configuration=call.configuration,
        query=query,
        parts=_parts(shows, request.convert_to_currency),
        claim=PinClaim(request.force_pin_validation, request.pin),
    )
    return SearchResponse(
        used_cache=not query.is_by_number,
        cards=[card(each, shows, with_status=request.include_inactive) for each in found],
    )


def _query(request: SearchRequest) -> CardQuery:
    return CardQuery(
        filters=_filters(request.filters),
        children=_filters(request.child_filters) if request.child_filters is not None else None,
        all_must_match=request.filter_logic_and,
        shows_inactive=request.include_inactive,
        offset=request.offset,
        limit=request.limit,
    )


def _filters(sent: SearchFilters) -> CardFilters | None:
    """None for a literal `{}`."""
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
        first_name_prefix=sent.first_name_prefix,
        last_name_prefix=sent.last_name_prefix,
        demographics=tuple((each.field_name, each.text_value) for each in sent.custom_demographics),
        card_set=sent.card_set_id,
        excluded_sets=sent.exclude_card_set_ids,
        program_types=sent.program_types,
    )


def _parts(shows: SearchReturnFields, currency: str | None) -> CardParts:
    return CardParts(
        balances=shows.balances,
        balances_by_expiry=shows.balance_expirations,
        delayed_balances=shows.delayed_balances,
        currency=currency,
        customer=shows.customer,
        alternate_customer=shows.alternate_customer,
        giver_customer=shows.giver_customer,
        brand_demographics=shows.brand_demographics,
        custom_data=shows.custom_data,
        third_party_links=shows.third_party_links,
        email_bounced=shows.email_bounced,
        events=shows.events,
        coupons=shows.coupons,
        checkouts=shows.checkouts,
        checkout_movements=shows.checkout_mutations,
        segments=shows.segments,
        recommendations=shows.recommendation_amount,
        score=shows.score,
        mailings=shows.mailings,
        children=shows.child_cards,
        pin=shows.pin,
    )
