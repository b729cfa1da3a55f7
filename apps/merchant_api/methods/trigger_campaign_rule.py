"""triggerCampaignRule: run one rule of one campaign."""

from typing import Annotated

from msgspec import field

from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.common import CardNumber, Input, Response
from apps.merchant_api.wire.fields import wire
from apps.transactions.operations.trigger_campaign_rule import RuleWanted, trigger_campaign_rule

_EXAMPLE = "01936f3e-0000-7000-8000-00000000000{}"


class TriggerCampaignRuleRequest(Input, frozen=True, kw_only=True):
    """Which rule, for which card, and an id of the triggering."""

    campaign_uuid: Annotated[str, wire("The campaign.", example=_EXAMPLE.format(1))] = field(name="campaignUUID")
    child_card_number: Annotated[str | None, wire("Run the rule for this child card.", identifier=True)] = None
    triggering_uuid: Annotated[
        str, wire("An id of your own: a second call with it succeeds and does nothing.", example=_EXAMPLE.format(3))
    ] = field(name="triggeringUUID")
    campaign_rule_uuid: Annotated[str, wire("The rule of the campaign.", example=_EXAMPLE.format(2))] = field(
        name="campaignRuleUUID"
    )
    card_number: CardNumber


class TriggerCampaignRuleResponse(Response, kw_only=True):
    """The rule ran, or the triggering had been there before."""


def run(call: MerchantCall, request: TriggerCampaignRuleRequest) -> TriggerCampaignRuleResponse:
    """Run the rule."""
    return call.change(
        trigger_campaign_rule,
        lambda _: TriggerCampaignRuleResponse(),
        card_number=request.card_number,
        child_number=request.child_card_number,
        wanted=RuleWanted(request.campaign_uuid, request.campaign_rule_uuid, request.triggering_uuid),
    )
