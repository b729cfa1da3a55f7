"""updateChannelSubscription: change what the owner of an address allows."""

from typing import Annotated

from apps.customers.core.subscriptions import SubscriptionChange
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.channels import Channel, ChannelCategoryType, ChannelKeyValuesType, ChannelUser
from apps.merchant_api.wire.common import Input, Response
from apps.merchant_api.wire.fields import wire
from apps.transactions.operations.update_channel_subscription import update_channel_subscription


class UpdateChannelSubscriptionRequest(Input, frozen=True, kw_only=True):
    """The address and the changes; what is left out stays as it is."""

    custom_key_values: Annotated[
        tuple[ChannelKeyValuesType, ...], wire("Pairs of your own to keep beside those that are there.")
    ] = ()
    global_opt_in: Annotated[
        bool, wire("Whether any message may go there; false also ends all categories.", default=False, example=True)
    ]
    transactional_opt_in: Annotated[
        bool | None, wire("Whether messages about transactions may go there.", example=True)
    ] = None
    double_opt_in: Annotated[
        bool | None, wire("Whether the owner has to confirm before the address is used; a new phone has to.")
    ] = None
    channel: Channel
    channel_user: ChannelUser
    double_opt_in_confirmed: Annotated[bool | None, wire("Whether the owner has confirmed.")] = None
    categories: Annotated[tuple[ChannelCategoryType, ...], wire("Lists to enter or to leave.")] = ()


class UpdateChannelSubscriptionResponse(Response, kw_only=True):
    """The changes are made."""


def run(call: MerchantCall, request: UpdateChannelSubscriptionRequest) -> UpdateChannelSubscriptionResponse:
    """Make the changes."""
    wanted = SubscriptionChange(
        global_opt_in=request.global_opt_in,
        transactional_opt_in=request.transactional_opt_in,
        double_opt_in=request.double_opt_in,
        double_opt_in_confirmed=request.double_opt_in_confirmed,
        categories=[(each.category, each.opt_in) for each in request.categories],
        key_values=[(each.name, each.value) for each in request.custom_key_values],
    )
    return call.change(
        update_channel_subscription,
        lambda _: UpdateChannelSubscriptionResponse(),
        channel=request.channel,
        channel_user=request.channel_user,
        wanted=wanted,
    )
