"""checkout: record what was bought, in one step or in two."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from msgspec import UNSET, UnsetType, field

from apps.checkouts.core.payments import PaymentInput
from apps.checkouts.core.totals import CheckoutLine
from apps.kernel.errors import InvalidInput
from apps.kernel.value_types import BalanceType
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.answers import card_balances, mutations, text
from apps.merchant_api.wire.balances import CampaignBalanceMutation, CardBalance, ValueType
from apps.merchant_api.wire.cards import RecommendedProduct
from apps.merchant_api.wire.checkouts import CheckoutKeyValue, CheckoutProduct, PaymentMethod, PreDiscount
from apps.merchant_api.wire.common import (
    ChildCardNumber,
    CustomRequestDate,
    ForcePin,
    Input,
    OptionalCardNumber,
    Pin,
    Response,
)
from apps.merchant_api.wire.fields import wire
from apps.transactions.checkouts.basket import Basket, CheckedOut, Shopper
from apps.transactions.checkouts.cancel import Cancelled, cancel_checkout
from apps.transactions.checkouts.complete import complete_checkout
from apps.transactions.checkouts.lock import LockWanted, lock_checkout
from apps.transactions.checkouts.setup import set_up_checkout
from apps.transactions.operations.checkout import checkout
from apps.transactions.under_lock import PinClaim


class CheckoutRequest(Input, frozen=True, kw_only=True):
    """A whole checkout, or one step of a checkout in two steps."""

    force_pin_validation: ForcePin = False
    cancel_setup: Annotated[bool, wire("End the lock of relatedSetupTransactionId.")] = False
    use_parent_balances_only: Annotated[
        bool, wire("With a child card: move value of its parent only.", json_v2=True)
    ] = False
    child_card_number: ChildCardNumber = None
    trigger: Annotated[
        str, wire("What prompts the call; only `checkout` is open to clients.", allowed=("checkout", "date", "social"))
    ] = "checkout"
    lock_excluded_value_types: Annotated[
        tuple[ValueType, ...], wire("Value types that stay usable while the card is locked.")
    ] = ()
    checkout_total: Annotated[
        Decimal | None, wire("Total before preDiscounts; else the sum of products.", minimum=0, maximum=10_000_000)
    ] = None
    pre_discounts: Annotated[
        tuple[PreDiscount, ...], wire("Discounts given before and outside of campaigns.", json_v2=True)
    ] = ()
    lock_setup_duration: Annotated[int, wire("With isSetup: lock the card for so many seconds.", minimum=0)] = 0
    products: Annotated[
        tuple[CheckoutProduct, ...],
        wire("What was bought.", example=[{"sku": "COFFEE-LATTE", "unitPrice": Decimal("4.75"), "amountPurchased": 2}]),
    ] = ()
    custom_key_values: Annotated[tuple[CheckoutKeyValue, ...], wire("Keys and values for campaigns.")] = ()
    return_balance_mutations: Annotated[bool, wire("Answer with movements and discounts.", example=True)] = False
    return_balances: Annotated[bool, wire("Answer with the balances of the card.", example=True)] = False
    recommendation_amount: Annotated[
        int | None,
        wire("How many recommended products.", minimum=0, maximum=20, json_v2=True, brand_feature="recommendations"),
    ] = None
    pin: Pin = None
    coupons: Annotated[tuple[str, ...], wire("Coupons to use.", max_items=10)] = ()
    payment_methods: Annotated[tuple[PaymentMethod, ...], wire("How it was paid.")] = ()
    related_setup_transaction_id: Annotated[
        str | None, wire("The locking setup to complete or cancel.", identifier=True)
    ] = None
    fail_on_unused_coupons: Annotated[bool, wire("Refuse the call if a coupon is not used.", json_v2=True)] = True
    referring_card_number: Annotated[
        str | None, wire("Card of the customer who referred this one.", identifier=True, json_v2=True)
    ] = None
    remove_blocking_coupons: Annotated[bool, wire("Drop unusable coupons instead of refusing.")] = False
    card_number: OptionalCardNumber = None
    is_setup: Annotated[bool, wire("Show what would happen, and with a duration lock the card.")] = False
    custom_request_date: CustomRequestDate = None


class CheckoutResponse(Response, kw_only=True):
    """What the checkout came to. issuedCouponIDs is left out by setups and cancels."""

    checkout_total_before_discount: Annotated[Decimal | UnsetType, wire("Total before all discounts.")] = UNSET
    blocking_coupons: Annotated[list[str] | UnsetType, wire("Coupons that could not be used.")] = UNSET
    child_card_number: Annotated[str | UnsetType, wire("Child card of the checkout.", json_v2=True)] = UNSET
    issued_coupon_ids: Annotated[list[str] | UnsetType, wire("Coupons that campaigns issued.")] = field(
        default_factory=list, name="issuedCouponIDs"
    )
    transaction_id: Annotated[str | UnsetType, wire("Reference of this checkout, equal to requestRef.")] = UNSET
    recommended_products: Annotated[
        list[RecommendedProduct] | UnsetType, wire("Recommended products.", json_v2=True)
    ] = UNSET
    balances: Annotated[list[CardBalance] | UnsetType, wire("Balances of the card, when asked for.")] = UNSET
    balance_mutations: Annotated[
        list[CampaignBalanceMutation] | UnsetType, wire("Movements and discounts, when asked for.")
    ] = UNSET
    unused_coupons: Annotated[list[str] | UnsetType, wire("Usable coupons that no rule used.")] = UNSET
    total_discount: Annotated[Decimal | UnsetType, wire("All discounts that campaigns gave.")] = UNSET
    card_number: Annotated[str | UnsetType, wire("Card of the checkout.")] = UNSET
    response_messages: Annotated[list[str], wire("Messages for the customer.")] = field(default_factory=list)


def run(call: MerchantCall, request: CheckoutRequest) -> CheckoutResponse:
    """Record the checkout in one step, or do one of the steps: set up, lock, complete, cancel."""
    if request.trigger != "checkout":
        raise InvalidInput("trigger must be checkout.")
    shopper, reference = _shopper(request), request.related_setup_transaction_id
    if request.cancel_setup:
        return call.change(
            cancel_checkout, lambda answer: _cancelled(call, answer), shopper=shopper, reference=reference
        )
    verb, wanted = _step(request)
    return call.change(
        verb,
        lambda answer: _response(call, request, answer),
        shopper=shopper,
        return_balances=request.return_balances,
        **wanted,
    )


def _step(request: CheckoutRequest) -> tuple[Callable[..., CheckedOut], dict[str, Any]]:
    """Which step it is, and what only this step needs."""
    reference = request.related_setup_transaction_id
    if not request.is_setup and reference is not None:
        return complete_checkout, {"reference": reference, "payments": _payments(request)}
    if request.is_setup and request.lock_setup_duration > 0:
        return lock_checkout, {"basket": _basket(request), "wanted": _lock(request)}
    return set_up_checkout if request.is_setup else checkout, {"basket": _basket(request)}


def _lock(request: CheckoutRequest) -> LockWanted:
    return LockWanted(
        seconds=request.lock_setup_duration,
        excluded=tuple(
            (BalanceType(each.balance_type), each.balance_code) for each in request.lock_excluded_value_types
        ),
    )


def _shopper(request: CheckoutRequest) -> Shopper:
    return Shopper(
        card_number=request.card_number,
        child_number=request.child_card_number,
        uses_parent_balances=request.use_parent_balances_only,
        claim=PinClaim(request.force_pin_validation, request.pin),
    )


def _basket(request: CheckoutRequest) -> Basket:
    return Basket(
        total=request.checkout_total,
        lines=[
            CheckoutLine(line.sku, line.amount_purchased, line.unit_price, line.unit_cost) for line in request.products
        ],
        pre_discounts=[discount.amount for discount in request.pre_discounts],
        payments=_payments(request),
        keys=tuple((each.key, each.value) for each in request.custom_key_values),
        coupons=request.coupons,
        drops_blocking=request.remove_blocking_coupons,
        needs_all_coupons=request.fail_on_unused_coupons,
        referring_card=request.referring_card_number,
        recommends=request.recommendation_amount or 0,
    )


def _payments(request: CheckoutRequest) -> list[PaymentInput]:
    return [_payment(payment) for payment in request.payment_methods]


def _payment(payment: PaymentMethod) -> PaymentInput:
    return PaymentInput(
        payment_type=payment.payment_type,
        amount=payment.amount,
        pays=payment.checkout_payment_amount,
        counts_as_discount=payment.count_as_discount,
        redeems=payment.redeem_balance,
        balance_type=BalanceType(payment.balance_type) if payment.balance_type else None,
        balance_code=payment.balance_code,
        reference=payment.update_balance_request_ref,
    )


def _response(call: MerchantCall, request: CheckoutRequest, answer: CheckedOut) -> CheckoutResponse:
    return CheckoutResponse(
        transaction_id=str(call.call.id),
        card_number=text(answer.card_number),
        child_card_number=text(answer.child_number),
        checkout_total_before_discount=answer.total,
        total_discount=answer.discount,
        balances=card_balances(answer.balances),
        balance_mutations=mutations(answer.mutations) if request.return_balance_mutations else UNSET,
        response_messages=list(answer.messages),
        issued_coupon_ids=list(answer.issued) if answer.issued is not None else UNSET,
        blocking_coupons=list(answer.blocking) or UNSET,
        unused_coupons=list(answer.unused) or UNSET,
        recommended_products=_recommended(answer),
    )


def _cancelled(call: MerchantCall, answer: Cancelled) -> CheckoutResponse:
    return CheckoutResponse(
        transaction_id=str(call.call.id),
        card_number=text(answer.card_number),
        child_card_number=text(answer.child_number),
        issued_coupon_ids=UNSET,
    )


def _recommended(answer: CheckedOut) -> list[RecommendedProduct] | UnsetType:
    if answer.recommended is None:
        return UNSET
    return [RecommendedProduct(sku=each.sku, name=text(each.name)) for each in answer.recommended]
