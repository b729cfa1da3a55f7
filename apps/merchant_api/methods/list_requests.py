"""listRequests: the calls that carried an external transaction id."""

from typing import Annotated

from msgspec import field

from apps.lookups.queries.list_requests import list_requests
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.common import Input, Response
from apps.merchant_api.wire.fields import wire


class ListRequestsRequest(Input, frozen=True, kw_only=True):
    """The id to look for."""

    external_transaction_id: Annotated[str, wire("The external transaction id to look for.", example="order-1001")]


class ListRequestsResponse(Response, kw_only=True):
    """The calls found, perhaps none."""

    request_refs: Annotated[list[str], wire("References of the calls.", required=True)] = field(default_factory=list)


def run(call: MerchantCall, request: ListRequestsRequest) -> ListRequestsResponse:
    """List the calls, oldest first."""
    found = list_requests(call=call.call, configuration=call.configuration, external_id=request.external_transaction_id)
    return ListRequestsResponse(request_refs=[str(reference) for reference in found])
