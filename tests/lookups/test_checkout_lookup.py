"""checkoutLookup: an earlier checkout in full."""

from typing import Any

import pytest

from tests.shop import Shop

PAY = {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD"}
UNKNOWN = "0192f000-0000-7000-8000-000000000000"


def buy(shop: Shop, number: str | None = None, headers: dict[str, str] | None = None, **basket: Any) -> str:
    """A checkout; returns its transaction id."""
    body = {"cardNumber": number} | basket
    return str(shop.ok("checkout", body, **headers or {})["transactionId"])


def lookup(shop: Shop, transaction_id: str) -> dict[str, Any]:
    """The answer without its own reference and success."""
    reply = shop.ok("checkoutLookup", {"checkoutTransactionId": transaction_id})
    return {name: value for name, value in reply.body.items() if name not in ("requestRef", "success")}


def test_a_checkout_is_told_in_full(acme: Shop) -> None:
    number = acme.card()
    acme.issue(number, 50)
    bought = buy(
        acme,
        number,
        {"externalTransactionId": "receipt 9"},
        products=[
            {"sku": "tea", "amountPurchased": 3, "unitPrice": 2.5, "unitCost": 1.125},
            {"sku": "pot", "unitPrice": 30},
        ],
        paymentMethods=[PAY | {"amount": 20}, {"paymentType": "Cash", "amount": 17.5, "countAsDiscount": False}],
    )
    dollars = {"balanceType": "Currency", "balanceCode": "USD"}
    assert lookup(acme, bought) == {
        "checkoutTotalBeforeDiscount": 37.5,
        "totalDiscount": 0,
        "cardNumber": number,
        "locationId": "main-street",
        "terminalId": "till-1",
        "externalTransactionId": "receipt 9",
        "isVoided": False,
        "skus": [
            {"sku": "tea", "amountPurchased": 3, "unitPrice": 2.5, "unitCost": 1.125},
            {"sku": "pot", "amountPurchased": 1, "unitPrice": 30},
        ],
        "paymentMethods": [
            dollars | {"paymentType": "Giftcard", "amount": 20, "countAsDiscount": False, "redeemBalance": True},
            {"paymentType": "Cash", "amount": 17.5, "countAsDiscount": False, "redeemBalance": False},
        ],
        "balanceMutations": [dollars | {"amount": -20, "isDiscount": False}],
    }


def test_amounts_have_the_digits_of_their_scale(acme: Shop) -> None:
    bought = buy(acme, products=[{"sku": "oil", "amountPurchased": 0.75, "unitPrice": 2.125}])
    text = acme.ok("checkoutLookup", {"checkoutTransactionId": bought}).text
    assert '"unitPrice":2.125,"amountPurchased":0.75,"sku":"oil"' in text
    assert '"checkoutTotalBeforeDiscount":1.59' in text
    assert '"totalDiscount":0.00' in text


def test_an_anonymous_checkout_has_no_card_and_no_empty_lists(acme: Shop) -> None:
    assert lookup(acme, buy(acme, checkoutTotal=5)) == {
        "checkoutTotalBeforeDiscount": 5,
        "totalDiscount": 0,
        "locationId": "main-street",
        "terminalId": "till-1",
        "isVoided": False,
    }


def test_payments_keep_their_reference_and_what_they_pay(acme: Shop) -> None:
    number = acme.card()
    acme.issue(number, 50)
    redeemed = acme.redeem(number, 10)
    payment = {"updateBalanceRequestRef": redeemed, "checkoutPaymentAmount": 8, "countAsDiscount": True}
    bought = buy(acme, number, checkoutTotal=9, paymentMethods=[payment])
    seen = lookup(acme, bought)
    assert seen["paymentMethods"] == [
        {
            "paymentType": "Giftcard",
            "amount": 10,
            "checkoutPaymentAmount": 8,
            "countAsDiscount": True,
            "redeemBalance": False,
            "balanceType": "Currency",
            "balanceCode": "USD",
            "updateBalanceRequestRef": redeemed,
        }
    ]
    assert "balanceMutations" not in seen


def test_points_pay_without_decimals(acme: Shop) -> None:
    number = acme.card(card_set=acme.loyalty_set)
    points = {"balanceType": "Points", "amount": 500}
    acme.ok("updateBalance", {"cardNumber": number, "action": "issue", "amount": points})
    payment = points | {"redeemBalance": True, "checkoutPaymentAmount": 5}
    bought = buy(acme, number, checkoutTotal=9, paymentMethods=[payment])
    text = acme.ok("checkoutLookup", {"checkoutTransactionId": bought}).text
    assert '"amount":500,"balanceType":"Points","checkoutPaymentAmount":5.00,"paymentType":"Loyaltycard"' in text


def test_a_voided_checkout_says_so(acme: Shop) -> None:
    number = acme.card()
    bought = buy(acme, number, checkoutTotal=9)
    acme.ok("voidTransaction", {"cardNumber": number, "requestRef": bought})
    assert lookup(acme, bought)["isVoided"] is True


@pytest.mark.parametrize("transaction_id", [UNKNOWN, "no id"])
def test_an_unknown_or_malformed_id_is_not_found(acme: Shop, transaction_id: str) -> None:
    assert acme.post("checkoutLookup", {"checkoutTransactionId": transaction_id}).code == 8


def test_other_calls_are_no_checkouts(acme: Shop) -> None:
    issued = acme.issue(acme.card(), 1)
    assert acme.post("checkoutLookup", {"checkoutTransactionId": issued}).code == 8


def test_charlie_cannot_look_up_a_checkout_of_acme(acme: Shop, charlie: Shop) -> None:
    bought = buy(acme, checkoutTotal=9)
    assert charlie.post("checkoutLookup", {"checkoutTransactionId": bought}).code == 8
