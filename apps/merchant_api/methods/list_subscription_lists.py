"""listSubscriptionLists: the lists of a channel that people can subscribe to."""

from typing import Annotated

from msgspec import field

from apps.lookups.queries.list_subscription_lists import list_subscription_lists
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.channels import Channel
from apps.merchant_api.wire.common import Input, Output, Response
from apps.merchant_api.wire.fields import wire


class ListSubscriptionListsRequest(Input, frozen=True, kw_only=True):
    """The channel."""

    communication_channel_type: Channel


class SubscriptionListInfo(Output, kw_only=True):
    """One list."""

    name: Annotated[str, wire("Name of the list.")]
    is_public: Annotated[bool, wire("Whether people may choose it themselves.")]
    uuid: Annotated[str, wire("Id of the list.")]


class ListSubscriptionListsResponse(Response, kw_only=True):
    """The active lists."""

    subscription_lists: Annotated[list[SubscriptionListInfo], wire("The lists, oldest first.")] = field(
        default_factory=list
    )


def run(call: MerchantCall, request: ListSubscriptionListsRequest) -> ListSubscriptionListsResponse:
    """List the lists."""
    found = list_subscription_lists(
        call=call.call, configuration=call.configuration, channel=request.communication_channel_type
    )
    lists = [SubscriptionListInfo(name=each.name, is_public=each.is_public, uuid=str(each.uuid)) for each in found]
    return ListSubscriptionListsResponse(subscription_lists=lists)
