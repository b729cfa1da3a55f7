"""The table of contents of the JSON API: the methods that are there, with their types and what they do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.merchant_api.methods import (
    allocate,
    allocate_child_card,
    allocate_coupon,
    card_history,
    channel_subscription,
    checkout,
    checkout_lookup,
    coupon_details,
    create_event_type,
    list_event_types,
    list_requests,
    list_subscription_lists,
    list_value_types,
    process_message,
    reactivate,
    request_lookup,
    return_merchandise,
    search,
    transfer,
    trigger_campaign_rule,
    trigger_custom_campaigns,
    trigger_refer_rewards,
    update_account,
    update_balance,
    update_channel_subscription,
    void_transaction,
)
from apps.merchant_api.wire.common import Input, Response


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its types, the function that carries it out, whether it only reads (a question to the request where
    that depends on it), and what can be refused (9) from the request alone before anything else is looked at (changing
    verbs do that themselves)."""

    request: type[Input]
    response: type[Response]
    run: Callable[[Any, Any], Response]
    summary: str
    reads: bool | Callable[[Any], bool] = False
    check: Callable[[Any], None] | None = None

    def only_reads(self, request: Input) -> bool:
        """Whether carrying out this request changes nothing."""
        return self.reads if isinstance(self.reads, bool) else self.reads(request)


METHODS: dict[str, Method] = {
    "allocate": Method(
        allocate.AllocateRequest, allocate.AllocateResponse, allocate.run, "Activate a card, named or drawn from a set"
    ),
    "allocateChildCard": Method(
        allocate_child_card.AllocateChildCardRequest,
        allocate_child_card.AllocateChildCardResponse,
        allocate_child_card.run,
        "Put a child card below a card",
    ),
    "allocateCoupon": Method(
        allocate_coupon.AllocateCouponRequest,
        allocate_coupon.AllocateCouponResponse,
        allocate_coupon.run,
        "Give out a coupon, named or drawn from a set",
    ),
    "cardHistory": Method(
        card_history.CardHistoryRequest,
        card_history.CardHistoryResponse,
        card_history.run,
        "List the transactions of a card",
        reads=True,
        check=card_history.check,
    ),
    "channelSubscription": Method(
        channel_subscription.ChannelSubscriptionRequest,
        channel_subscription.ChannelSubscriptionResponse,
        channel_subscription.run,
        "Look up what the owner of an address allows",
        reads=True,
    ),
    "checkout": Method(
        checkout.CheckoutRequest, checkout.CheckoutResponse, checkout.run, "Record a purchase and make its payments"
    ),
    "checkoutLookup": Method(
        checkout_lookup.CheckoutLookupRequest,
        checkout_lookup.CheckoutLookupResponse,
        checkout_lookup.run,
        "Look up an earlier checkout",
        reads=True,
    ),
    "couponDetails": Method(
        coupon_details.CouponDetailsRequest,
        coupon_details.CouponDetailsResponse,
        coupon_details.run,
        "Show how a coupon stands, use or reserve it, or change its settings",
        reads=coupon_details.reads,
        check=coupon_details.check,
    ),
    "createEventType": Method(
        create_event_type.CreateEventTypeRequest,
        create_event_type.CreateEventTypeResponse,
        create_event_type.run,
        "Set up a kind of event, or change one",
    ),
    "listEventTypes": Method(
        list_event_types.ListEventTypesRequest,
        list_event_types.ListEventTypesResponse,
        list_event_types.run,
        "List the kinds of events that can be logged on cards",
        reads=True,
    ),
    "listRequests": Method(
        list_requests.ListRequestsRequest,
        list_requests.ListRequestsResponse,
        list_requests.run,
        "List the calls that carried an external transaction id",
        reads=True,
    ),
    "listSubscriptionLists": Method(
        list_subscription_lists.ListSubscriptionListsRequest,
        list_subscription_lists.ListSubscriptionListsResponse,
        list_subscription_lists.run,
        "List the subscription lists of a channel",
        reads=True,
    ),
    "listValueTypes": Method(
        list_value_types.ListValueTypesRequest,
        list_value_types.ListValueTypesResponse,
        list_value_types.run,
        "List what a card, or the cards of a set, can hold",
        reads=True,
        check=list_value_types.check,
    ),
    "processMessage": Method(
        process_message.ProcessMessageRequest,
        process_message.ProcessMessageResponse,
        process_message.run,
        "Take in a message that a customer sent",
    ),
    "reactivate": Method(
        reactivate.ReactivateRequest,
        reactivate.ReactivateResponse,
        reactivate.run,
        "Make a suspended card active again",
    ),
    "requestLookup": Method(
        request_lookup.RequestLookupRequest,
        request_lookup.RequestLookupResponse,
        request_lookup.run,
        "Look up an earlier call",
        reads=True,
    ),
    "returnMerchandise": Method(
        return_merchandise.ReturnRequest,
        return_merchandise.ReturnResponse,
        return_merchandise.run,
        "Take goods back, and with them what their checkout gave",
        reads=return_merchandise.reads,
    ),
    "search": Method(
        search.SearchRequest, search.SearchResponse, search.run, "Find cards", reads=True, check=search.check
    ),
    "transfer": Method(
        transfer.TransferRequest,
        transfer.TransferResponse,
        transfer.run,
        "Move everything from one card to another",
    ),
    "triggerCampaignRule": Method(
        trigger_campaign_rule.TriggerCampaignRuleRequest,
        trigger_campaign_rule.TriggerCampaignRuleResponse,
        trigger_campaign_rule.run,
        "Run one campaign rule for a card",
    ),
    "triggerCustomCampaigns": Method(
        trigger_custom_campaigns.TriggerCustomCampaignRequest,
        trigger_custom_campaigns.TriggerCustomCampaignResponse,
        trigger_custom_campaigns.run,
        "Run the campaign rules with trigger custom",
    ),
    "triggerReferRewards": Method(
        trigger_refer_rewards.TriggerReferRewardsRequest,
        trigger_refer_rewards.TriggerReferRewardsResponse,
        trigger_refer_rewards.run,
        "Reward a customer for what referred customers bought",
    ),
    "updateAccount": Method(
        update_account.UpdateAccountRequest,
        update_account.UpdateAccountResponse,
        update_account.run,
        "Change the customer of a card, or enrol",
    ),
    "updateBalance": Method(
        update_balance.UpdateBalanceRequest,
        update_balance.UpdateBalanceResponse,
        update_balance.run,
        "Issue, redeem or hold value, or adjust a card",
    ),
    "updateChannelSubscription": Method(
        update_channel_subscription.UpdateChannelSubscriptionRequest,
        update_channel_subscription.UpdateChannelSubscriptionResponse,
        update_channel_subscription.run,
        "Change what the owner of an address allows",
    ),
    "voidTransaction": Method(
        void_transaction.VoidRequest, void_transaction.VoidResponse, void_transaction.run, "Undo what a call moved"
    ),
}
