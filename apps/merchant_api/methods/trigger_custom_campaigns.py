"""triggerCustomCampaigns: run the rules that a client triggers by itself."""

from typing import Annotated

from msgspec import field

from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.checkouts import CheckoutKeyValue
from apps.merchant_api.wire.common import CardNumber, Input, Response
from apps.merchant_api.wire.fields import wire
from apps.transactions.operations.trigger_custom_campaigns import trigger_custom_campaigns


class TriggerCustomCampaignRequest(Input, frozen=True, kw_only=True):
    """A card, and what its campaigns are to know."""

    custom_key_values: Annotated[
        tuple[CheckoutKeyValue, ...],
        wire("Keys and values for campaigns.", example=[{"key": "newsletter", "value": "spring"}]),
    ] = ()
    card_number: CardNumber


class TriggerCustomCampaignResponse(Response, kw_only=True):
    """What campaigns said."""

    sent_notifications: Annotated[
        int, wire("How many messages leave by e-mail and other channels; those of responseMessages are not counted.")
    ] = 0
    response_messages: Annotated[list[str], wire("Messages for the customer.")] = field(default_factory=list)


def run(call: MerchantCall, request: TriggerCustomCampaignRequest) -> TriggerCustomCampaignResponse:
    """Run the rules."""
    return call.change(
        trigger_custom_campaigns,
        lambda said: TriggerCustomCampaignResponse(sent_notifications=said.sent, response_messages=list(said.direct)),
        card_number=request.card_number,
        keys=tuple((each.key, each.value) for each in request.custom_key_values),
    )
