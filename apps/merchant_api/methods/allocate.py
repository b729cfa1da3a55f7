"""allocate: activate a card, a given one or any of a set."""

from typing import Annotated

from msgspec import UNSET, UnsetType

from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.answers import text
from apps.merchant_api.wire.common import CustomRequestDate, Input, Response
from apps.merchant_api.wire.fields import wire
from apps.transactions.operations.allocate import Allocated, allocate


class AllocateRequest(Input, frozen=True, kw_only=True):
    """The card, or the set to pick one from; both only with createIfNew."""

    create_if_new: Annotated[
        bool, wire("Create the card in the set if there is none yet.", json_v2=True, brand_feature="createIfNew")
    ] = False
    card_set_id: Annotated[str | None, wire("The set to take a card from.", identifier=True, example="gift-cards")] = (
        None
    )
    card_number: Annotated[str | None, wire("Number of the card.", identifier=True)] = None
    custom_request_date: CustomRequestDate = None


class AllocateResponse(Response, kw_only=True):
    """The card that is now active."""

    pin: Annotated[str | UnsetType, wire("PIN of the card, if it has one.", secret=True)] = UNSET
    card_number: Annotated[str | UnsetType, wire("Number of the card.")] = UNSET


def run(call: MerchantCall, request: AllocateRequest) -> AllocateResponse:
    """Activate the card."""
    return call.change(
        allocate,
        _response,
        card_set_code=request.card_set_id,
        card_number=request.card_number,
        create_if_new=request.create_if_new,
    )


def _response(answer: Allocated) -> AllocateResponse:
    return AllocateResponse(card_number=answer.card_number, pin=text(answer.pin))
