"""How a checkout in two steps is paid."""

from decimal import Decimal
from typing import Any

import pytest

from apps.checkouts.models import Payment
from tests.campaigns.live import percent, publish, rule
from tests.merchant_api.methods.test_checkout_in_two_steps import PAY, complete, set_up, step_body
from tests.merchant_api.steady import refused
from tests.shop import Reply, Shop

D = Decimal


@pytest.fixture
def card(acme: Shop) -> str:
    """A gift card with 100 USD."""
    card = acme.card()
    acme.issue(card, 100)
    return card


def kept_payments(shop: Shop, done: Reply) -> list[tuple[str, Decimal, bool]]:
    rows = Payment.objects.filter(brand=shop.brand, operation_id=done["transactionId"]).order_by("no")
    return list(rows.values_list("payment_type", "amount", "redeems"))


def test_payments_on_complete_replace_what_was_reported(acme: Shop, card: str) -> None:
    setup = set_up(acme, card, paymentMethods=[PAY, {"paymentType": "Cash", "amount": 15}])
    done = complete(acme, card, setup, paymentMethods=[PAY, {"paymentType": "Creditcard", "amount": 15}])
    assert kept_payments(acme, done) == [("Giftcard", 10, True), ("Creditcard", 15, False)]
    assert acme.free(card) == D("90.00")


def test_what_was_promised_is_taken_also_if_complete_reports_other_payments_only(acme: Shop, card: str) -> None:
    setup = set_up(acme, card, paymentMethods=[PAY, {"paymentType": "Cash", "amount": 15}])
    done = complete(acme, card, setup, paymentMethods=[{"paymentType": "Check", "amount": 15}])
    assert kept_payments(acme, done) == [("Giftcard", 10, True), ("Check", 15, False)]
    assert acme.free(card) == D("90.00")


def test_without_payments_complete_keeps_those_of_setup(acme: Shop, card: str) -> None:
    done = complete(acme, card, set_up(acme, card, paymentMethods=[PAY, {"paymentType": "Cash", "amount": 15}]))
    assert kept_payments(acme, done) == [("Giftcard", 10, True), ("Cash", 15, False)]


@pytest.mark.parametrize(
    "other", [{"amount": 9}, {"countAsDiscount": True}, {"checkoutPaymentAmount": 5}, {"balanceCode": "EUR"}]
)
def test_complete_redeems_nothing_that_was_not_promised(acme: Shop, card: str, other: dict[str, Any]) -> None:
    setup = set_up(acme, card, paymentMethods=[PAY])["transactionId"]
    refused(acme, 9, "checkout", step_body(card, setup, paymentMethods=[PAY | other]))
    refused(acme, 9, "checkout", step_body(card, setup, paymentMethods=[PAY, PAY]))


def test_a_payment_with_an_excluded_type_is_reported_on_complete(acme: Shop, card: str) -> None:
    excluded = [{"balanceType": "Currency", "balanceCode": "USD"}, {"balanceType": "Custom", "balanceCode": "none"}]
    setup = set_up(acme, card, lockExcludedValueTypes=excluded)
    paid = acme.redeem(card, 20)
    done = complete(acme, card, setup, paymentMethods=[{"updateBalanceRequestRef": paid}])
    assert kept_payments(acme, done) == [("Giftcard", 20, False)]
    refused(
        acme,
        9,
        "checkout",
        {"cardNumber": card, "checkoutTotal": 30, "paymentMethods": [{"updateBalanceRequestRef": paid}]},
    )


def test_discounts_by_payments_on_complete_are_no_more_than_the_total(acme: Shop, card: str) -> None:
    publish(acme, rule(percent(20)))
    setup = set_up(acme, card)["transactionId"]
    gift = {"paymentType": "Other", "countAsDiscount": True}
    refused(acme, 9, "checkout", step_body(card, setup, paymentMethods=[gift | {"amount": "20.01"}]))
    done = acme.ok("checkout", step_body(card, setup, paymentMethods=[gift | {"amount": 20}]))
    assert done["totalDiscount"] == D("5.00")
