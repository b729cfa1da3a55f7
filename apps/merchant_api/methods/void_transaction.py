"""voidTransaction: take an earlier call back."""

from typing import Annotated

from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.common import CardNumber, CustomRequestDate, Input, Response
from apps.merchant_api.wire.fields import wire
from apps.transactions.operations.void_transaction import void_transaction


class VoidRequest(Input, frozen=True, kw_only=True):
    """The call, and the card that it was about."""

    request_ref: Annotated[
        str, wire("Reference of the call to take back.", example="01890a5d-ac96-774b-bcce-b302099a8057")
    ]
    child_card_number: Annotated[str | None, wire("Child card of that call, if it had one.", identifier=True)] = None
    card_number: CardNumber
    custom_request_date: CustomRequestDate = None


class VoidResponse(Response, kw_only=True):
    """The call is taken back."""


def run(call: MerchantCall, request: VoidRequest) -> VoidResponse:
    """Undo the call."""
    return call.change(
        void_transaction,
        lambda _: VoidResponse(),
        card_number=request.card_number,
        child_number=request.child_card_number,
        reference=request.request_ref,
    )
