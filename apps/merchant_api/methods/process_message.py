"""processMessage: a message that a customer sent."""

from typing import Annotated

from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.common import CardNumber, Input, Response
from apps.merchant_api.wire.fields import wire
from apps.transactions.operations.process_message import process_message


class ProcessMessageRequest(Input, frozen=True, kw_only=True):
    """A message, and the card of whoever sent it."""

    message: Annotated[str, wire("What was written.", example="YES")]
    card_number: CardNumber


class ProcessMessageResponse(Response, kw_only=True):
    """What came of it."""

    triggered_rule_count: Annotated[int, wire("How many campaign rules fired.")] = 0


def run(call: MerchantCall, request: ProcessMessageRequest) -> ProcessMessageResponse:
    """Take the message in."""
    return call.change(
        process_message,
        lambda processed: ProcessMessageResponse(triggered_rule_count=processed.fired),
        card_number=request.card_number,
        message=request.message,
    )
