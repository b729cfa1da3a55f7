"""checkoutLookup: an earlier checkout in full."""

from decimal import Decimal
from typing import Annotated

from msgspec import UNSET, UnsetType

from apps.merchant_api.wire.balances import CampaignBalanceMutation
from apps.merchant_api.wire.checkouts import CheckoutKeyValue, CheckoutProduct, PaymentMethod
from apps.merchant_api.wire.common import Input, Response
from apps.merchant_api.wire.fields import wire


class CheckoutLookupRequest(Input, frozen=True, kw_only=True):
    """The checkout to look up."""

    checkout_transaction_id: Annotated[str, wire("Transaction id of the checkout (of its second step).")]


class CheckoutLookupResponse(Response, kw_only=True):
    """The checkout as it was."""

    checkout_total_before_discount: Annotated[Decimal | UnsetType, wire("Total before all discounts.")] = UNSET
    skus: Annotated[list[CheckoutProduct] | UnsetType, wire("What was bought.")] = UNSET
    child_card_number: Annotated[str | UnsetType, wire("Child card of the checkout.")] = UNSET
    terminal_id: Annotated[str | UnsetType, wire("Terminal of the checkout.", json_v2=True)] = UNSET
    is_voided: Annotated[bool, wire("Whether it has been voided.", json_v2=True)] = False
    custom_key_values: Annotated[
        list[CheckoutKeyValue] | UnsetType, wire("Keys and values for campaigns.", json_v2=True)
    ] = UNSET
    balance_mutations: Annotated[list[CampaignBalanceMutation] | UnsetType, wire("Movements and discounts.")] = UNSET
    location_id: Annotated[str | UnsetType, wire("Location of the checkout.", json_v2=True)] = UNSET
    payment_methods: Annotated[list[PaymentMethod] | UnsetType, wire("How it was paid.", json_v2=True)] = UNSET
    total_discount: Annotated[Decimal | UnsetType, wire("All discounts that campaigns gave.")] = UNSET
    external_transaction_id: Annotated[str | UnsetType, wire("External transaction id of the call.", json_v2=True)] = (
        UNSET
    )
    referring_card_number: Annotated[
        str | UnsetType, wire("Card of the customer who referred this one.", json_v2=True)
    ] = UNSET
    card_number: Annotated[str | UnsetType, wire("Card of the checkout.")] = UNSET
