"""checkout (standalone) over the wire."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.brands.models import Location
from apps.brands.operations.publish_config import publish_config
from apps.checkouts.models import Checkout, Line, Payment
from apps.programs.operations.create_value_type import create_value_type
from tests.merchant_api.methods.test_void_transaction import pay, void
from tests.merchant_api.steady import (
    NOW,
    ahead,
    change_type,
    close_books,
    history,
    movements,
    rack,
    refused,
    set_status,
)
from tests.shop import Shop, usd


def loaded(shop: Shop, amount: Any = 50) -> str:
    card = shop.card()
    shop.issue(card, amount)
    return card


def lookup(shop: Shop, reference: str) -> dict[str, Any]:
    return shop.ok("checkoutLookup", {"checkoutTransactionId": reference}).body


# --- answers and totals ----------------------------------------------------------------------------------------------


def test_a_plain_checkout_answers_exactly_this(acme: Shop) -> None:
    card = acme.card()
    reply = acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 25})
    reference = reply["requestRef"]
    assert reply.body == {
        "requestRef": reference,
        "success": True,
        "transactionId": reference,
        "cardNumber": card,
        "checkoutTotalBeforeDiscount": 25,
        "totalDiscount": 0,
        "issuedCouponIDs": [],
        "responseMessages": [],
    }
    assert '"checkoutTotalBeforeDiscount":25.00' in reply.text
    assert '"totalDiscount":0.00' in reply.text


def test_an_anonymous_checkout_names_no_card(acme: Shop) -> None:
    reply = acme.ok("checkout", {"checkoutTotal": 25, "cardNumber": ""})
    assert "cardNumber" not in reply.body
    assert Checkout.objects.get(brand=acme.brand).wallet_id is None


def test_balances_and_mutations_come_when_asked_for(acme: Shop) -> None:
    card = loaded(acme)
    body = {"cardNumber": card, "checkoutTotal": 25, "paymentMethods": [pay("10.5")]}
    reply = acme.ok("checkout", body | {"returnBalances": True, "returnBalanceMutations": True})
    kind = {"balanceType": "Currency", "balanceCode": "USD"}
    assert reply["balances"] == [kind | {"amount": Decimal("39.50"), "scale": 2, "isHold": False}]
    assert reply["balanceMutations"] == [kind | {"amount": Decimal("-10.50"), "isDiscount": False}]
    assert '"amount":-10.50' in reply.text
    assert reply["totalDiscount"] == 0


def test_asked_for_but_empty_they_are_empty_lists(acme: Shop) -> None:
    body = {"cardNumber": acme.card(), "checkoutTotal": 25, "returnBalances": True, "returnBalanceMutations": True}
    reply = acme.ok("checkout", body)
    assert (reply["balances"], reply["balanceMutations"]) == ([], [])


def test_the_total_is_the_sum_of_the_lines_where_none_is_said(acme: Shop) -> None:
    lines = [
        {"sku": "HAT", "unitPrice": "9.99", "amountPurchased": 3},
        {"sku": "TEA", "unitPrice": "1.005", "amountPurchased": 1},
        {"sku": "BAG"},
    ]
    reply = acme.ok("checkout", {"products": lines})
    assert '"checkoutTotalBeforeDiscount":30.98' in reply.text
    saved = Line.objects.filter(brand=acme.brand).order_by("no").values_list("sku", "quantity", "unit_price")
    assert list(saved) == [("HAT", 3, Decimal("9.99")), ("TEA", 1, Decimal("1.005")), ("BAG", 1, 0)]


def test_total_and_lines_may_differ(acme: Shop) -> None:
    reply = acme.ok("checkout", {"checkoutTotal": 5, "products": [{"sku": "HAT", "unitPrice": 100}]})
    assert reply["checkoutTotalBeforeDiscount"] == 5


def test_a_total_of_zero_is_a_total(acme: Shop) -> None:
    assert '"checkoutTotalBeforeDiscount":0.00' in acme.ok("checkout", {"checkoutTotal": 0}).text


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"products": []},
        {"checkoutTotal": None, "products": None},
        {"checkoutTotal": -1},
        {"checkoutTotal": "-0.01"},
        {"checkoutTotal": 10_000_001},
        {"checkoutTotal": "1.0000001"},
        {"products": [{"sku": "HAT", "unitPrice": -1}]},
        {"products": [{"sku": "HAT", "amountPurchased": -1}]},
        {"products": [{"sku": "HAT", "unitPrice": 10_000_001}]},
        {"products": [{"sku": "HAT", "unitPrice": "0.0000001"}]},
        {"products": [{"sku": "HAT", "unitPrice": 1, "unitCost": 10**13}]},
        {"checkoutTotal": 10, "preDiscounts": [{"amount": -1}]},
        {"checkoutTotal": 10, "preDiscounts": [{"amount": "10.01"}]},
        {"checkoutTotal": 10, "preDiscounts": [{"amount": 6}, {"amount": 5}]},
        {"checkoutTotal": 10, "trigger": "social"},
        {"checkoutTotal": 10, "trigger": "birthday"},
        {"checkoutTotal": 10, "coupons": ["c"] * 11},
    ],
)
@pytest.mark.parametrize("with_card", [True, False])
def test_impossible_figures_answer_9(acme: Shop, body: dict[str, Any], with_card: bool) -> None:
    refused(acme, 9, "checkout", body | ({"cardNumber": acme.card()} if with_card else {}))


@pytest.mark.parametrize(
    "body",
    [
        {"products": [{"unitPrice": 1}]},
        {"products": [{"sku": ""}]},
        {"products": {"sku": "HAT"}},
        {"products": ["HAT"]},
        {"checkoutTotal": "ten"},
        {"checkoutTotal": True},
        {"checkoutTotal": 5, "returnBalances": "true"},
        {"checkoutTotal": 5, "preDiscounts": [{}]},
        {"checkoutTotal": 5, "paymentMethods": [None]},
        {"checkoutTotal": 5, "lockSetupDuration": 1.5},
    ],
)
def test_wrong_types_answer_6(acme: Shop, body: dict[str, Any]) -> None:
    refused(acme, 6, "checkout", body)


def test_pre_discounts_up_to_the_total_are_kept_and_not_in_the_answer(acme: Shop) -> None:
    body = {"checkoutTotal": 10, "preDiscounts": [{"amount": 6}, {"amount": 4}]}
    reply = acme.ok("checkout", body)
    assert (reply["checkoutTotalBeforeDiscount"], reply["totalDiscount"]) == (10, 0)
    assert Checkout.objects.get(brand=acme.brand).pre_discount == 10


def test_the_currency_is_the_locations_else_the_brands(acme: Shop) -> None:
    Location.objects.filter(pk=acme.other_location.pk).update(currency="JPY")
    publish_config(brand_id=acme.brand.pk)
    acme.ok("checkout", {"checkoutTotal": 5})
    reply = acme.ok(
        "checkout", {"products": [{"sku": "TEA", "unitPrice": "99.5"}]}, Location="harbour", Terminal="till-9"
    )
    assert '"checkoutTotalBeforeDiscount":100,' in reply.text
    assert sorted(Checkout.objects.filter(brand=acme.brand).values_list("currency", flat=True)) == ["JPY", "USD"]


def test_ignored_where_the_document_says_so(acme: Shop) -> None:
    acme.ok("checkout", {"checkoutTotal": 5, "lockSetupDuration": 60, "failOnUnusedCoupons": False})
    acme.ok("checkout", {"checkoutTotal": 5, "removeBlockingCoupons": True, "trigger": "checkout"})


# --- cards -----------------------------------------------------------------------------------------------------------


def test_unknown_and_inactive_cards_answer_2_and_11(acme: Shop) -> None:
    refused(acme, 2, "checkout", {"cardNumber": "none", "checkoutTotal": 5})
    refused(acme, 11, "checkout", {"cardNumber": rack(acme, "A-1"), "checkoutTotal": 5})
    card = acme.card()
    set_status(acme, card, "Stolen")
    refused(acme, 11, "checkout", {"cardNumber": card, "checkoutTotal": 5})


def test_custom_request_date_is_the_moment_and_its_rules_hold(acme: Shop) -> None:
    close_books(acme, NOW - timedelta(days=100))
    card = acme.card()
    for who in ({"cardNumber": card}, {}):
        refused(acme, 9, "checkout", {"checkoutTotal": 5, "customRequestDate": ahead(hours=1)} | who)
        refused(acme, 9, "checkout", {"checkoutTotal": 5, "customRequestDate": "2024-02-29 10:00:00"} | who)
    moment = (NOW - timedelta(days=50)).strftime("%Y-%m-%d %H:%M:%S")
    acme.ok("checkout", {"checkoutTotal": 5, "customRequestDate": moment})
    assert Checkout.objects.get(brand=acme.brand).happened_at == NOW - timedelta(days=50)


def test_a_checkout_stands_in_the_history(acme: Shop) -> None:
    card = loaded(acme)
    acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 25, "paymentMethods": [pay(10)]})
    row = history(acme, card)[0]
    assert (row["callType"], movements(row), row["location"]) == ("CHECKOUT_COMPLETE", [-10], "main-street")


# --- payments --------------------------------------------------------------------------------------------------------


def test_payments_made_elsewhere_are_only_kept(acme: Shop) -> None:
    card = loaded(acme)
    cash = {"paymentType": "Cash", "amount": 25}
    reference = acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 25, "paymentMethods": [cash]})["requestRef"]
    assert acme.free(card) == 50
    kept = lookup(acme, reference)["paymentMethods"][0]
    assert (kept["paymentType"], kept["amount"]) == ("Cash", 25)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [({"balanceType": "Currency", "balanceCode": "USD"}, "Giftcard"), ({"balanceType": "Punches"}, "Loyaltycard")],
)
def test_the_default_type_follows_the_balance(acme: Shop, kind: dict[str, str], expected: str) -> None:
    create_value_type(brand=acme.brand, program=acme.gift, balance_type="Punches", scale=0)
    card = acme.card()
    acme.ok("updateBalance", {"cardNumber": card, "action": "issue", "amount": kind | {"amount": 5}})
    paid = acme.ok("updateBalance", {"cardNumber": card, "action": "redeem", "amount": kind | {"amount": 2}})
    payments = [{"redeemBalance": True, "amount": 2} | kind, {"updateBalanceRequestRef": paid["requestRef"]}]
    acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 25, "paymentMethods": payments})
    assert set(Payment.objects.filter(brand=acme.brand).values_list("payment_type", flat=True)) == {expected}


def test_a_sent_type_wins(acme: Shop) -> None:
    body = {"cardNumber": loaded(acme), "checkoutTotal": 25, "paymentMethods": [pay(5) | {"paymentType": "Other"}]}
    acme.ok("checkout", body)
    assert Payment.objects.get(brand=acme.brand).payment_type == "Other"


@pytest.mark.parametrize(
    "payment",
    [
        {"redeemBalance": True, "amount": 5},
        {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD"},
        {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": 0},
        {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": -5},
        {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": "0.001"},
        {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": "25.01"},
        {"paymentType": "Cash"},
        {"amount": 5},
        {},
        {"paymentType": "Barter", "amount": 5},
        {"paymentType": "Cash", "amount": -1},
        {"paymentType": "Cash", "amount": 5, "balanceType": "Currency", "balanceCode": "USD"},
        {"paymentType": "Cash", "amount": 26, "countAsDiscount": True},
    ],
)
def test_payments_that_make_no_sense_answer_9(acme: Shop, payment: dict[str, Any]) -> None:
    refused(acme, 9, "checkout", {"cardNumber": loaded(acme), "checkoutTotal": 25, "paymentMethods": [payment]})


def test_redeem_balance_without_a_card_or_with_a_reference_answers_9(acme: Shop) -> None:
    card = loaded(acme)
    refused(acme, 9, "checkout", {"checkoutTotal": 25, "paymentMethods": [pay(5)]})
    both = pay(5) | {"updateBalanceRequestRef": acme.redeem(card, 5)}
    refused(acme, 9, "checkout", {"cardNumber": card, "checkoutTotal": 25, "paymentMethods": [both]})


def test_redeeming_too_little_answers_13_and_an_unknown_value_type_12(acme: Shop) -> None:
    body = {"cardNumber": loaded(acme, 20), "checkoutTotal": 100}
    refused(acme, 13, "checkout", body | {"paymentMethods": [pay("20.01")]})
    refused(acme, 13, "checkout", body | {"paymentMethods": [pay(15), pay(6)]})
    refused(acme, 12, "checkout", body | {"paymentMethods": [pay(5) | {"balanceCode": "EUR"}]})
    refused(acme, 12, "checkout", body | {"paymentMethods": [pay(5) | {"balanceCode": None}]})


def test_redemption_bounds_bind_payments(acme: Shop) -> None:
    change_type(acme, acme.usd, redeem_minimum=Decimal(5), redeem_maximum=Decimal(10))
    body = {"cardNumber": loaded(acme, 20), "checkoutTotal": 100}
    refused(acme, 13, "checkout", body | {"paymentMethods": [pay("4.99")]})
    refused(acme, 13, "checkout", body | {"paymentMethods": [pay("10.01")]})


def test_several_redemptions_may_not_pay_more_than_the_total(acme: Shop) -> None:
    body = {"cardNumber": loaded(acme), "checkoutTotal": 25}
    refused(acme, 9, "checkout", body | {"paymentMethods": [pay(15), pay("10.01")]})
    acme.ok("checkout", body | {"paymentMethods": [pay(15), pay(10)]})


def test_points_may_pay_for_another_amount_of_money(acme: Shop) -> None:
    card = acme.card(card_set=acme.loyalty_set)
    issue = {"cardNumber": card, "action": "issue", "amount": {"balanceType": "Points", "amount": 100}}
    acme.ok("updateBalance", issue)
    payment = {"redeemBalance": True, "balanceType": "Points", "amount": 100}
    body = {"cardNumber": card, "checkoutTotal": 25}
    refused(acme, 9, "checkout", body | {"paymentMethods": [payment | {"checkoutPaymentAmount": "25.01"}]})
    acme.ok("checkout", body | {"paymentMethods": [payment | {"checkoutPaymentAmount": 10}]})
    assert Payment.objects.get(brand=acme.brand).pays == 10
    assert acme.balances(card) == []


def test_count_as_discount_is_kept_apart(acme: Shop) -> None:
    cash = {"paymentType": "Other", "amount": 4, "countAsDiscount": True}
    reply = acme.ok("checkout", {"checkoutTotal": 25, "paymentMethods": [cash]})
    assert reply["totalDiscount"] == 0
    assert Checkout.objects.get(brand=acme.brand).paid_as_discount == 4


# --- referenced payments ---------------------------------------------------------------------------------------------


def refer(shop: Shop, card: str | None, reference: str, **more: Any) -> dict[str, Any]:
    payments = [{"updateBalanceRequestRef": reference} | more]
    return {"checkoutTotal": 25, "paymentMethods": payments} | ({"cardNumber": card} if card else {})


def test_a_referenced_redemption_brings_its_amount_and_is_not_taken_again(acme: Shop) -> None:
    card = loaded(acme)
    paid = acme.redeem(card, 10)
    reference = acme.ok("checkout", refer(acme, card, paid))["requestRef"]
    assert acme.free(card) == 40
    kept = lookup(acme, reference)["paymentMethods"][0]
    assert (kept["amount"], kept["paymentType"], kept["updateBalanceRequestRef"]) == (10, "Giftcard", paid)


def test_a_hold_redemption_may_be_referenced(acme: Shop) -> None:
    card = loaded(acme)
    paid = acme.redeem(card, 10, redeemFromHoldTransactionId=acme.hold(card, 20), releaseHoldRemainder=True)
    acme.ok("checkout", refer(acme, card, paid))
    assert Payment.objects.get(brand=acme.brand).amount == 10


@pytest.mark.parametrize("reference", ["00000000-0000-4000-8000-000000000000", "no-uuid"])
def test_an_unknown_reference_answers_29(acme: Shop, reference: str) -> None:
    refused(acme, 29, "checkout", refer(acme, loaded(acme), reference))
    refused(acme, 29, "checkout", refer(acme, None, reference))


def test_another_cards_redemption_answers_29(acme: Shop) -> None:
    paid = acme.redeem(loaded(acme), 10)
    refused(acme, 29, "checkout", refer(acme, loaded(acme), paid))
    refused(acme, 29, "checkout", refer(acme, None, paid))


def test_what_is_no_redemption_answers_31(acme: Shop) -> None:
    card = loaded(acme)
    held, issued = acme.hold(card, 5), acme.issue(card, 5)
    adjusted = acme.ok("updateBalance", usd(card, "redeem", 1, isAccountingAdjustment=True))["requestRef"]
    cancelled = acme.redeem(card, 0, redeemFromHoldTransactionId=held, releaseHoldRemainder=True)
    bought = acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 5, "paymentMethods": [pay(1)]})["requestRef"]
    voided = void(acme, card, bought)
    for reference in (held, issued, adjusted, cancelled, bought, voided):
        refused(acme, 31, "checkout", refer(acme, card, reference))


def test_a_voided_redemption_answers_30(acme: Shop) -> None:
    card = loaded(acme)
    paid = acme.redeem(card, 10)
    void(acme, card, paid)
    refused(acme, 30, "checkout", refer(acme, card, paid))


def test_a_used_redemption_answers_9(acme: Shop) -> None:
    card = loaded(acme)
    paid = acme.redeem(card, 10)
    acme.ok("checkout", refer(acme, card, paid))
    refused(acme, 9, "checkout", refer(acme, card, paid))


def test_the_same_reference_twice_in_one_call_answers_9(acme: Shop) -> None:
    card = loaded(acme)
    paid = acme.redeem(card, 10)
    for again in (paid, paid.upper()):
        payments = [{"updateBalanceRequestRef": paid}, {"updateBalanceRequestRef": again}]
        refused(acme, 9, "checkout", {"cardNumber": card, "checkoutTotal": 25, "paymentMethods": payments})


def test_fields_of_version_2_are_ignored_in_version_1(acme: Shop) -> None:
    card = loaded(acme)
    type(acme.brand).objects.filter(pk=acme.brand.pk).update(api_version=1)
    publish_config(brand_id=acme.brand.pk)
    body = {"cardNumber": card, "checkoutTotal": 25, "preDiscounts": [{"amount": 99}]}
    acme.ok("checkout", body | {"paymentMethods": [{"paymentType": "Cash", "amount": 1} | {"redeemBalance": True}]})
    assert acme.free(card) == 50
