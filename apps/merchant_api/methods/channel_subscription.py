"""channelSubscription: what the owner of an address allows."""

from typing import Annotated

from msgspec import UNSET, UnsetType

from apps.customers.core.addresses import CHANNELS
from apps.lookups.queries.channel_subscription import channel_subscription
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.channels import Channel, ChannelCategoryType, ChannelKeyValuesType, ChannelUser
from apps.merchant_api.wire.common import Input, Response
from apps.merchant_api.wire.fields import wire


class ChannelSubscriptionRequest(Input, frozen=True, kw_only=True):
    """The address."""

    channel: Channel
    channel_user: ChannelUser


class ChannelSubscriptionResponse(Response, kw_only=True):
    """What is allowed; all false for an address that was never heard of."""

    custom_key_values: Annotated[list[ChannelKeyValuesType] | UnsetType, wire("Pairs of your own.")] = UNSET
    global_opt_in: Annotated[bool, wire("Whether any message may go there.")] = False
    transactional_opt_in: Annotated[bool, wire("Whether messages about transactions may go there.")] = False
    double_opt_in: Annotated[bool, wire("Whether the owner has to confirm the opt-in, or had to.")] = False
    channel: Annotated[str | UnsetType, wire("By which way messages go.", allowed=CHANNELS)] = UNSET
    channel_user: Annotated[str | UnsetType, wire("The address in the form in which it is kept.")] = UNSET
    double_opt_in_confirmed: Annotated[bool, wire("Whether the owner has confirmed.")] = False
    categories: Annotated[list[ChannelCategoryType] | UnsetType, wire("Active lists, in or out.")] = UNSET


def run(call: MerchantCall, request: ChannelSubscriptionRequest) -> ChannelSubscriptionResponse:
    """Say what is known of the address."""
    found = channel_subscription(
        call=call.call, configuration=call.configuration, channel=request.channel, channel_user=request.channel_user
    )
    known = found.subscription
    pairs = [ChannelKeyValuesType(name=name, value=value) for name, value in known.key_values.items()]
    categories = [ChannelCategoryType(category=name, opt_in=opt_in) for name, opt_in in found.categories]
    return ChannelSubscriptionResponse(
        channel=request.channel,
        channel_user=found.address,
        global_opt_in=known.global_opt_in,
        transactional_opt_in=known.transactional_opt_in,
        double_opt_in=known.double_opt_in,
        double_opt_in_confirmed=known.double_opt_in_confirmed,
        categories=categories or UNSET,
        custom_key_values=pairs or UNSET,
    )
