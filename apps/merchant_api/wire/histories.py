"""Earlier calls as cardHistory shows them."""

from decimal import Decimal
from typing import Annotated

from msgspec import UNSET, UnsetType

from apps.merchant_api.wire.common import BALANCE_TYPES, CALL_TYPES, Output
from apps.merchant_api.wire.fields import EPOCH, wire

LEGACY_TYPES = (
    "AH",
    "E",
    "ER",
    "EX",
    "GI",
    "GR",
    "I",
    "LI",
    "LR",
    "MI",
    "MR",
    "PI",
    "PR",
    "R",
    "T",
    "TR",
    "V",
    "X",
)


class HistoricTransactionBalanceUpdate(Output, kw_only=True):
    """One movement of value of an earlier call."""

    campaign_rule_name: Annotated[str | UnsetType, wire("The rule behind it.", json_v2=True)] = UNSET
    amount: Annotated[Decimal, wire("Above zero for issues, below for redemptions.")]
    balance_type: Annotated[str, wire("Kind of value.", allowed=BALANCE_TYPES)]
    balance_code: Annotated[str | UnsetType, wire("Currency code or custom code.")] = UNSET
    campaign_result_name: Annotated[str | UnsetType, wire("The result behind it.", json_v2=True)] = UNSET
    campaign_name: Annotated[str | UnsetType, wire("The campaign behind it.", json_v2=True)] = UNSET
    campaign_condition_name: Annotated[str | UnsetType, wire("The condition behind it.", json_v2=True)] = UNSET
    balance_active_date: Annotated[
        int | UnsetType, wire("When the value became usable, if that was later.", format=EPOCH, json_v2=True)
    ] = UNSET


class HistoricTransaction(Output, kw_only=True):
    """An earlier call, or an expiry."""

    legacy_type: Annotated[str | UnsetType, wire("Type of a call of an older interface.", allowed=LEGACY_TYPES)] = UNSET
    request_ref: Annotated[str | UnsetType, wire("Reference of the call.")] = UNSET
    is_legacy: Annotated[bool, wire("Whether it came through an older interface.", required=True)] = False
    child_card_number: Annotated[str | UnsetType, wire("The child card of the call.", json_v2=True)] = UNSET
    location: Annotated[str | UnsetType, wire("Where it happened.")] = UNSET
    external_transaction_id: Annotated[str | UnsetType, wire("External transaction id of the call.", json_v2=True)] = (
        UNSET
    )
    transaction_time: Annotated[int, wire("When it happened.", format=EPOCH)]
    main_balance_update: Annotated[Decimal | UnsetType, wire("The main movement of the call.")] = UNSET
    transaction_id: Annotated[str, wire("Id of the transaction.")]
    call_type: Annotated[str | UnsetType, wire("Kind of call.", allowed=CALL_TYPES, json_v2=True)] = UNSET
    balance_updates: Annotated[
        list[HistoricTransactionBalanceUpdate] | UnsetType, wire("Movements of value.", json_v2=True)
    ] = UNSET
    hold_balance_updates: Annotated[
        list[HistoricTransactionBalanceUpdate] | UnsetType, wire("Movements of held value, with splitHoldMutations.")
    ] = UNSET
