"""triggerReferRewards: reward a customer for what referred customers bought."""

from decimal import Decimal
from typing import Annotated

from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.common import CardNumber, Input, Response
from apps.merchant_api.wire.fields import wire
from apps.transactions.operations.trigger_refer_rewards import Referred, trigger_refer_rewards


class TriggerReferRewardsRequest(Input, frozen=True, kw_only=True):
    """The card of the customer who referred others, and what those bought."""

    checkout_total_sum: Annotated[
        Decimal, wire("What referred customers' checkouts of the period come to.", minimum=0, example=120)
    ]
    checkout_count: Annotated[
        int, wire("How many checkouts these were.", minimum=0, required=True, default=0, example=3)
    ]
    card_number: CardNumber


class TriggerReferRewardsResponse(Response, kw_only=True):
    """The rules ran."""


def run(call: MerchantCall, request: TriggerReferRewardsRequest) -> TriggerReferRewardsResponse:
    """Run the rules."""
    return call.change(
        trigger_refer_rewards,
        lambda _: TriggerReferRewardsResponse(),
        card_number=request.card_number,
        referred=Referred(request.checkout_total_sum, request.checkout_count),
    )
