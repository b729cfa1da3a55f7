"""reactivate: make a suspended card active again."""

from typing import Annotated

from msgspec import UNSET, UnsetType

from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.common import CardNumber, ForcePin, Input, Pin, Response
from apps.merchant_api.wire.fields import wire
from apps.transactions.operations.reactivate import reactivate
from apps.transactions.under_lock import PinClaim


class ReactivateRequest(Input, frozen=True, kw_only=True):
    """The card."""

    force_pin_validation: ForcePin = False
    pin: Pin = None
    card_number: CardNumber


class ReactivateResponse(Response, kw_only=True):
    """The card is active."""

    transaction_id: Annotated[
        str | UnsetType, wire("Reference of this change, equal to requestRef.", addition=True)
    ] = UNSET


def run(call: MerchantCall, request: ReactivateRequest) -> ReactivateResponse:
    """Make the card active again."""
    return call.change(
        reactivate,
        lambda _: ReactivateResponse(transaction_id=str(call.call.id)),
        card_number=request.card_number,
        claim=PinClaim(request.force_pin_validation, request.pin),
    )
