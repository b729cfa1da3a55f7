"""Parts of checkouts that clients send and get back."""

from decimal import Decimal
from typing import Annotated

from msgspec import field

from apps.merchant_api.wire.common import BALANCE_TYPES, Input, Shared
from apps.merchant_api.wire.fields import wire

PAYMENT_TYPES = (
    "AmericanExpress",
    "BrandedCreditCard",
    "Cash",
    "Check",
    "Creditcard",
    "DebitCard",
    "Deferred",
    "DinersClub",
    "Discover",
    "ElectronicCheck",
    "Giftcard",
    "GuaranteedCheck",
    "Loyaltycard",
    "MasterCard",
    "Other",
    "PHH",
    "Visa",
    "Voyager",
    "WrightExpress",
)


_NO_PRICE = Decimal(0)
"""This very object stands where no price was sent."""


def _no_price() -> Decimal:
    return _NO_PRICE


def _one() -> Decimal:
    return Decimal(1)


class CheckoutProduct(Shared, frozen=True, kw_only=True):
    """One line: so many units of a product at one price."""

    unit_price: Annotated[Decimal, wire("Price of one unit.", minimum=0)] = field(default_factory=_no_price)
    amount_purchased: Annotated[Decimal, wire("How many units.", minimum=0)] = field(default_factory=_one)
    unit_cost: Annotated[Decimal | None, wire("Cost of one unit, for reports.")] = None
    sku: Annotated[str, wire("The product.")]

    @property
    def says_price(self) -> bool:
        """Whether the client sent a price, be it 0."""
        return self.unit_price is not _NO_PRICE


class CheckoutKeyValue(Shared, frozen=True, kw_only=True):
    """A key and a value for campaign conditions; keys may repeat."""

    value: Annotated[str, wire("The value.")]
    key: Annotated[str, wire("The key.")]


class PreDiscount(Input, frozen=True, kw_only=True):
    """A discount given before and outside of campaigns."""

    amount: Annotated[Decimal, wire("How much was taken off.", minimum=0)]


class PaymentMethod(Shared, frozen=True, kw_only=True):
    """One payment: said, referred to (updateBalanceRequestRef) or made here (redeemBalance)."""

    count_as_discount: Annotated[bool, wire("Campaigns and reports see it as a discount.", json_v2=True)] = field(
        default_factory=bool
    )
    amount: Annotated[Decimal | None, wire("What was paid.", minimum=0)] = None
    balance_type: Annotated[str | None, wire("Kind of value to redeem.", allowed=BALANCE_TYPES, json_v2=True)] = None
    balance_code: Annotated[
        str | None, wire("Currency or custom code, for Currency and Custom.", identifier=True, json_v2=True)
    ] = None
    update_balance_request_ref: Annotated[
        str | None, wire("The updateBalance call that is this payment.", identifier=True, json_v2=True)
    ] = None
    checkout_payment_amount: Annotated[
        Decimal | None, wire("What it pays of the total, where that differs from amount.", minimum=0, json_v2=True)
    ] = None
    payment_type: Annotated[str | None, wire("How it was paid.", allowed=PAYMENT_TYPES)] = None
    redeem_balance: Annotated[bool, wire("Redeem the amount from the card of the checkout.", json_v2=True)] = field(
        default_factory=bool
    )
