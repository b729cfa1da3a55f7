"""requestLookup: what one earlier call was and did."""

from decimal import Decimal
from typing import Annotated

from msgspec import UNSET, UnsetType

from apps.lookups.queries.request_lookup import request_lookup
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.answers import given, moment, some_mutations, text
from apps.merchant_api.wire.balances import CampaignBalanceMutation
from apps.merchant_api.wire.common import CALL_TYPES, Input, Response
from apps.merchant_api.wire.fields import MOMENT, wire


class RequestLookupRequest(Input, frozen=True, kw_only=True):
    """The call to look up."""

    request_ref: Annotated[
        str, wire("Reference of the call to look up.", example="01890a5d-ac96-774b-bcce-b302099a8057")
    ]
    split_hold_mutations: Annotated[bool, wire("Show movements of held value apart.")] = False


class RequestLookupResponse(Response, kw_only=True):
    """The call as it was, with the movements that it made."""

    note: Annotated[str | UnsetType, wire("Note of the call.", json_v2=True)] = UNSET
    checkout_total_before_discount: Annotated[
        Decimal | UnsetType, wire("For checkouts: total before discounts.", json_v2=True)
    ] = UNSET
    child_card_number: Annotated[str | UnsetType, wire("Child card of the call.", json_v2=True)] = UNSET
    terminal_id: Annotated[str | UnsetType, wire("Terminal of the call.", json_v2=True)] = UNSET
    is_voided: Annotated[bool, wire("Whether the call has been voided.", json_v2=True)] = False
    hold_balance_mutations: Annotated[
        list[CampaignBalanceMutation] | UnsetType,
        wire("Movements of held value, with splitHoldMutations.", json_v2=True),
    ] = UNSET
    call_type: Annotated[str | UnsetType, wire("Kind of call.", allowed=CALL_TYPES, json_v2=True)] = UNSET
    request_error_code: Annotated[int | UnsetType, wire("The number that the call was refused with.", json_v2=True)] = (
        UNSET
    )
    balance_mutations: Annotated[
        list[CampaignBalanceMutation] | UnsetType, wire("Movements and discounts of the call.", json_v2=True)
    ] = UNSET
    location_id: Annotated[str | UnsetType, wire("Location of the call.", json_v2=True)] = UNSET
    request_date: Annotated[str | UnsetType, wire("When the call was carried out (UTC).", format=MOMENT)] = UNSET
    total_discount: Annotated[Decimal | UnsetType, wire("For checkouts: all discounts.", json_v2=True)] = UNSET
    external_transaction_id: Annotated[str | UnsetType, wire("External transaction id of the call.", json_v2=True)] = (
        UNSET
    )
    card_number: Annotated[str | UnsetType, wire("Card of the call.", json_v2=True)] = UNSET


def run(call: MerchantCall, request: RequestLookupRequest) -> RequestLookupResponse:
    """Look the call up."""
    seen = request_lookup(
        call=call.call,
        configuration=call.configuration,
        reference=request.request_ref,
        split_holds=request.split_hold_mutations,
    )
    return RequestLookupResponse(
        call_type=text(seen.call_type),
        request_error_code=seen.error_code or UNSET,
        request_date=moment(seen.at),
        card_number=text(seen.card_number),
        child_card_number=text(seen.child_number),
        location_id=text(seen.location_code),
        terminal_id=text(seen.terminal_code),
        external_transaction_id=text(seen.external_id),
        note=text(seen.note),
        is_voided=seen.is_voided,
        balance_mutations=some_mutations(seen.movements.regular),
        hold_balance_mutations=some_mutations(seen.movements.held),
        checkout_total_before_discount=given(seen.total),
        total_discount=given(seen.discount),
    )
