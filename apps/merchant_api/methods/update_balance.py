"""updateBalance: issue, redeem or hold value on a card, or adjust it."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, cast

from msgspec import UNSET, UnsetType

from apps.kernel.value_types import BalanceType
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.answers import card_balances, given
from apps.merchant_api.wire.balances import AdjustmentStatusDetails, CardBalance, CardBalanceAmount
from apps.merchant_api.wire.common import CardNumber, ChildCardNumber, CustomRequestDate, ForcePin, Input, Pin, Response
from apps.merchant_api.wire.fields import wire
from apps.transactions.operations.update_balance import Action, BalanceChange, Updated, update_balance
from apps.transactions.under_lock import PinClaim


class UpdateBalanceRequest(Input, frozen=True, kw_only=True):
    """One change of one value type of one card."""

    adjust_status: Annotated[
        AdjustmentStatusDetails | None, wire("For accounting adjustments: give the card another status.")
    ] = None
    force_pin_validation: ForcePin = False
    custom_mutation_type: Annotated[
        str | None, wire("A type of your own, kept for reports.", brand_feature="customMutationType")
    ] = None
    redeem_max_on_overdraw: Annotated[bool, wire("Redeem what is there where there is too little.")] = False
    is_return_related: Annotated[bool, wire("The issued value comes from returned merchandise.")] = False
    amount: Annotated[
        CardBalanceAmount | None,
        wire("What to issue, redeem or hold.", example={"balanceType": "Currency", "balanceCode": "USD", "amount": 25}),
    ] = None
    is_accounting_adjustment: Annotated[bool, wire("Treat the call as an accounting adjustment.")] = False
    child_card_number: ChildCardNumber = None
    issued_balance_activation: Annotated[
        datetime | None, wire("When the issued value becomes usable (UTC).", json_v2=True)
    ] = None
    redeem_from_hold_transaction_id: Annotated[
        str | None, wire("The call whose hold to redeem from.", identifier=True)
    ] = None
    return_balances: Annotated[bool, wire("Answer with the balances of the card after the change.", example=True)] = (
        False
    )
    pin: Pin = None
    issued_balance_expiration: Annotated[
        datetime | None, wire("When the issued value expires (UTC); never if left out.")
    ] = None
    release_hold_remainder: Annotated[bool, wire("Set free what the redemption leaves of the hold.")] = False
    action: Annotated[str, wire("What to do.", allowed=("adjustOnly", "hold", "issue", "redeem"), example="issue")]
    card_number: CardNumber
    custom_request_date: CustomRequestDate = None


class UpdateBalanceResponse(Response, kw_only=True):
    """What the change did."""

    balances: Annotated[list[CardBalance] | UnsetType, wire("The balances after the change, when asked for.")] = UNSET
    converted_amount: Annotated[
        Decimal | UnsetType, wire("What a converted redemption took, in the card's currency.", json_v2=True)
    ] = UNSET
    did_overdraw: Annotated[bool, wire("Whether less was redeemed than asked for.")] = False
    overdraw_amount: Annotated[Decimal | UnsetType, wire("What was missing, with didOverdraw.")] = UNSET
    transaction_id: Annotated[str | UnsetType, wire("Reference of this change, equal to requestRef.")] = UNSET
    card_number: Annotated[str | UnsetType, wire("Number of the card.")] = UNSET


def run(call: MerchantCall, request: UpdateBalanceRequest) -> UpdateBalanceResponse:
    """Make the change."""
    return call.change(
        update_balance,
        lambda answer: _response(call, answer),
        card_number=request.card_number,
        wanted=_wanted(request),
        child_number=request.child_card_number,
        claim=PinClaim(request.force_pin_validation, request.pin),
        return_balances=request.return_balances,
    )


def _wanted(request: UpdateBalanceRequest) -> BalanceChange:
    amount = request.amount
    return BalanceChange(
        action=cast("Action", request.action),
        balance_type=BalanceType(amount.balance_type) if amount else None,
        balance_code=amount.balance_code if amount else None,
        amount=amount.amount if amount else None,
        return_related=request.is_return_related,
        expires_at=request.issued_balance_expiration,
        active_at=request.issued_balance_activation,
        take_what_is_there=request.redeem_max_on_overdraw,
        hold_id=request.redeem_from_hold_transaction_id,
        release_rest=request.release_hold_remainder,
        is_adjustment=request.is_accounting_adjustment,
        new_status=request.adjust_status.new_status if request.adjust_status else None,
        mutation_type=request.custom_mutation_type,
        converts=bool(amount and amount.convert_to_main_currency),
    )


def _response(call: MerchantCall, answer: Updated) -> UpdateBalanceResponse:
    return UpdateBalanceResponse(
        card_number=answer.card_number,
        transaction_id=str(call.call.id),
        did_overdraw=bool(answer.missing),
        overdraw_amount=answer.missing or UNSET,
        converted_amount=given(answer.converted),
        balances=card_balances(answer.balances),
    )
