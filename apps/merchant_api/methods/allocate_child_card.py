"""allocateChildCard: put a card below another."""

from typing import Annotated

from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.common import Input, Response
from apps.merchant_api.wire.fields import wire
from apps.transactions.operations.allocate_child_card import allocate_child_card


class AllocateChildCardRequest(Input, frozen=True, kw_only=True):
    """The root card, and the number that its child gets."""

    child_card_number: Annotated[
        str | None,
        wire("Number of the new child card, 3 to 25 characters without a comma.", max_length=25, example="kid-1"),
    ] = None
    card_number: Annotated[
        str, wire("Number of the root card; a call without it is refused.", required=False, example="6000123400000178")
    ]


class AllocateChildCardResponse(Response, kw_only=True):
    """The child card exists."""


def run(call: MerchantCall, request: AllocateChildCardRequest) -> AllocateChildCardResponse:
    """Create the child card."""
    return call.change(
        allocate_child_card,
        lambda _: AllocateChildCardResponse(),
        card_number=request.card_number,
        child_number=request.child_card_number or "",
    )
