"""listValueTypes: what a card, or the cards of a set, can hold."""

from typing import Annotated

from msgspec import field

from apps.lookups.queries.list_value_types import check_choice, list_value_types
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.answers import value_type_result
from apps.merchant_api.wire.balances import ValueTypeResult
from apps.merchant_api.wire.common import Input, Response
from apps.merchant_api.wire.fields import wire


class ListValueTypesRequest(Input, frozen=True, kw_only=True):
    """The card or the set, not both."""

    lookup_card_number: Annotated[str | None, wire("Number of the card.", identifier=True)] = None
    card_set_id: Annotated[str | None, wire("Id of the card set.", identifier=True, example="gift-cards")] = None


class ListValueTypesResponse(Response, kw_only=True):
    """The value types of the program."""

    value_types: Annotated[list[ValueTypeResult], wire("The value types.")] = field(default_factory=list)


def check(request: ListValueTypesRequest) -> None:
    """Refuse what the request alone shows."""
    check_choice(card_number=request.lookup_card_number, card_set_code=request.card_set_id)


def run(call: MerchantCall, request: ListValueTypesRequest) -> ListValueTypesResponse:
    """List the value types."""
    found = list_value_types(
        call=call.call,
        configuration=call.configuration,
        card_number=request.lookup_card_number,
        card_set_code=request.card_set_id,
    )
    return ListValueTypesResponse(value_types=[value_type_result(value_type) for value_type in found])
