"""Amounts, value types and movements as they stand in requests and answers."""

from decimal import Decimal
from typing import Annotated

from msgspec import UNSET, UnsetType, field

from apps.merchant_api.wire.common import BALANCE_TYPES, Input, Output
from apps.merchant_api.wire.fields import EPOCH, wire


class AdjustmentStatusDetails(Input, frozen=True, kw_only=True):
    """The status that an accounting adjustment gives the card."""

    new_status: Annotated[
        str, wire("The new status of the card.", allowed=("Closed", "Expired", "Lost", "Stolen", "Suspended"))
    ]


class CardBalanceAmount(Input, frozen=True, kw_only=True):
    """How much of which value type to add, take or hold."""

    amount: Annotated[Decimal | None, wire("The amount; below zero only in accounting adjustments.", example=25)] = None
    balance_type: Annotated[str, wire("Kind of value.", allowed=BALANCE_TYPES)]
    balance_code: Annotated[
        str | None, wire("Currency or custom code, for Currency and Custom.", identifier=True, example="USD")
    ] = None
    convert_to_main_currency: Annotated[
        bool | None, wire("For redemptions: the amount is in another currency than the card's; convert it.")
    ] = None


class ValueType(Input, frozen=True, kw_only=True):
    """A value type named in a request."""

    balance_type: Annotated[str, wire("Kind of value.", allowed=BALANCE_TYPES)]
    balance_code: Annotated[str | None, wire("Currency or custom code, for Currency and Custom.", identifier=True)] = (
        None
    )


class CardBalance(Output, kw_only=True):
    """What a card has of one value type: free, or held by one hold."""

    does_balance_expire: Annotated[
        bool | UnsetType, wire("Whether this part expires; shown with balanceExpirations.", json_v2=True)
    ] = UNSET
    amount: Annotated[Decimal, wire("How much there is.")]
    holding_transaction_id: Annotated[str | UnsetType, wire("The call that holds this part.")] = UNSET
    balance_type: Annotated[str, wire("Kind of value.", allowed=BALANCE_TYPES)]
    converted_amount: Annotated[Decimal | UnsetType, wire("What of it can be redeemed in convertToCurrency.")] = UNSET
    balance_code: Annotated[str | UnsetType, wire("Currency code or custom code.")] = UNSET
    scale: Annotated[int | UnsetType, wire("Decimals of this value type.")] = UNSET
    is_hold: Annotated[bool, wire("Whether this part is held.")] = False
    balance_expiration: Annotated[int | UnsetType, wire("When this part expires.", format=EPOCH, json_v2=True)] = UNSET
    balance_active_date: Annotated[
        int | UnsetType, wire("When this part becomes usable, if it is not yet.", format=EPOCH, json_v2=True)
    ] = UNSET


class ValueTypeResult(Output, kw_only=True):
    """A value type that a card can have."""

    show_in_terminal: Annotated[bool, wire("Whether a terminal shows it even when it is zero.")] = False
    balance_type: Annotated[str, wire("Kind of value.", allowed=BALANCE_TYPES)]
    balance_code: Annotated[str | UnsetType, wire("Currency code or custom code.")] = UNSET
    scale: Annotated[int, wire("Decimals of this value type.")]
    balance_code_display: Annotated[str | UnsetType, wire("Name of a custom code for people.")] = UNSET


class CampaignBalanceMutation(Output, kw_only=True):
    """One movement or discount of a call, with the campaign behind it if there was one."""

    campaign_uuid: Annotated[str | UnsetType, wire("The campaign.")] = field(default=UNSET, name="campaignUUID")
    amount: Annotated[Decimal, wire("Issued and discounted amounts are above zero, redeemed ones below.")]
    campaign_revision_uuid: Annotated[str | UnsetType, wire("The published revision of the campaign.")] = field(
        default=UNSET, name="campaignRevisionUUID"
    )
    sku_unit_price: Annotated[Decimal | UnsetType, wire("Price of one unit of `sku` before discounts.")] = UNSET
    sku_amount: Annotated[Decimal | UnsetType, wire("How many units of `sku` the discount is for.")] = UNSET
    sku_unit_discount: Annotated[Decimal | UnsetType, wire("Discount on one unit of `sku`.")] = UNSET
    campaign_result_uuid: Annotated[str | UnsetType, wire("The result that moved the value.")] = field(
        default=UNSET, name="campaignResultUUID"
    )
    is_discount: Annotated[bool, wire("True for a discount, false for a movement of value.", required=True)] = False
    balance_expiration: Annotated[int | UnsetType, wire("When issued value expires.", format=EPOCH)] = UNSET
    campaign_condition_uuid: Annotated[str | UnsetType, wire("The condition that took value away.")] = field(
        default=UNSET, name="campaignConditionUUID"
    )
    balance_active_date: Annotated[int | UnsetType, wire("When issued value becomes usable.", format=EPOCH)] = UNSET
    balance_type: Annotated[str | UnsetType, wire("Kind of value.", allowed=BALANCE_TYPES)] = UNSET
    balance_code: Annotated[str | UnsetType, wire("Currency code or custom code.")] = UNSET
    sku: Annotated[str | UnsetType, wire("The product that the discount is for.")] = UNSET
    campaign_rule_uuid: Annotated[str | UnsetType, wire("The rule; absent for conditions of the whole campaign.")] = (
        field(default=UNSET, name="campaignRuleUUID")
    )
    campaign_descriptive_name: Annotated[
        str | UnsetType, wire("Name of the result or condition for people.", json_v2=True)
    ] = UNSET
