"""checkoutLookup: an earlier checkout in full."""

from decimal import Decimal
from typing import Annotated

from msgspec import UNSET, UnsetType

from apps.lookups.queries.checkout_lookup import checkout_lookup
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.answers import checkout_product, payment_method, some_mutations, text
from apps.merchant_api.wire.balances import CampaignBalanceMutation
from apps.merchant_api.wire.checkouts import CheckoutKeyValue, CheckoutProduct, PaymentMethod
from apps.merchant_api.wire.common import Input, Response
from apps.merchant_api.wire.fields import wire


class CheckoutLookupRequest(Input, frozen=True, kw_only=True):
    """The checkout to look up."""

    checkout_transaction_id: Annotated[
        str,
        wire("Transaction id of the checkout (of its second step).", example="01890a5d-ac96-774b-bcce-b302099a8057"),
    ]


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


def run(call: MerchantCall, request: CheckoutLookupRequest) -> CheckoutLookupResponse:
    """Look the checkout up."""
    seen = checkout_lookup(
        call=call.call, configuration=call.configuration, transaction_id=request.checkout_transaction_id
    )
    return CheckoutLookupResponse(
        checkout_total_before_discount=seen.total,
        total_discount=seen.discount,
        card_number=text(seen.card_number),
        child_card_number=text(seen.child_number),
        location_id=text(seen.location_code),
        terminal_id=text(seen.terminal_code),
        external_transaction_id=text(seen.external_id),
        is_voided=seen.is_voided,
        custom_key_values=[CheckoutKeyValue(key=key, value=value) for key, value in seen.key_values] or UNSET,
        referring_card_number=text(seen.referring_card),
        skus=[checkout_product(line) for line in seen.lines] or UNSET,
        payment_methods=[payment_method(payment) for payment in seen.payments] or UNSET,
        balance_mutations=some_mutations(seen.movements.regular),
    )
