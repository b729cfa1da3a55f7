"""updateBalance: issue, redeem or hold value on a card, or adjust it."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from msgspec import UNSET, UnsetType

from apps.merchant_api.wire.balances import AdjustmentStatusDetails, CardBalance, CardBalanceAmount
from apps.merchant_api.wire.common import CardNumber, ChildCardNumber, CustomRequestDate, ForcePin, Input, Pin, Response
from apps.merchant_api.wire.fields import wire


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
    amount: Annotated[CardBalanceAmount | None, wire("What to issue, redeem or hold.")] = None
    is_accounting_adjustment: Annotated[bool, wire("Treat the call as an accounting adjustment.")] = False
    child_card_number: ChildCardNumber = None
    issued_balance_activation: Annotated[
        datetime | None, wire("When the issued value becomes usable (UTC).", json_v2=True)
    ] = None
    redeem_from_hold_transaction_id: Annotated[
        str | None, wire("The call whose hold to redeem from.", identifier=True)
    ] = None
    return_balances: Annotated[bool, wire("Answer with the balances of the card after the change.")] = False
    pin: Pin = None
    issued_balance_expiration: Annotated[
        datetime | None, wire("When the issued value expires (UTC); never if left out.")
    ] = None
    release_hold_remainder: Annotated[bool, wire("Set free what the redemption leaves of the hold.")] = False
    action: Annotated[str, wire("What to do.", allowed=("adjustOnly", "hold", "issue", "redeem"))]
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
