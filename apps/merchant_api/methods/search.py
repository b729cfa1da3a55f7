"""search: find cards by their numbers or by their customers."""

from typing import Annotated

from msgspec import field

from apps.merchant_api.wire.cards import Card
from apps.merchant_api.wire.common import ForcePin, Input, Pin, Response
from apps.merchant_api.wire.fields import wire
from apps.merchant_api.wire.search import SearchFilters, SearchReturnFields


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
