"""requestLookup, checkoutLookup, listRequests and listValueTypes over the wire."""

from decimal import Decimal
from typing import Any

import pytest

from apps.programs.operations.create_value_type import create_value_type
from tests.merchant_api.methods.test_void_transaction import pay, void
from tests.merchant_api.steady import UNKNOWN, rack, refused, set_status
from tests.shop import Shop, usd

REFERENCES = [UNKNOWN, "no-uuid", "17", "x" * 5000]


def look(shop: Shop, reference: str, **more: Any) -> dict[str, Any]:
    return shop.ok("requestLookup", {"requestRef": reference} | more).body


# --- requestLookup ---------------------------------------------------------------------------------------------------


def test_a_call_is_shown_as_it_was(acme: Shop) -> None:
    card = acme.card()
    headers = {"note": "a note", "externalTransactionId": "INV-1"}
    reference = acme.ok("updateBalance", usd(card, "issue", 5), **headers)["requestRef"]
    seen = look(acme, reference)
    assert seen.pop("requestDate")[:2] == "20"
    assert seen.pop("requestRef") != reference
    assert seen == {
        "success": True,
        "callType": "UPDATE_BALANCE",
        "cardNumber": card,
        "locationId": "main-street",
        "terminalId": "till-1",
        "note": "a note",
        "externalTransactionId": "INV-1",
        "isVoided": False,
        "balanceMutations": [{"amount": 5, "balanceType": "Currency", "balanceCode": "USD", "isDiscount": False}],
    }


@pytest.mark.parametrize("reference", REFERENCES)
def test_an_unknown_reference_answers_29(acme: Shop, reference: str) -> None:
    refused(acme, 29, "requestLookup", {"requestRef": reference})


def test_a_refusal_tells_its_code_and_a_read_its_kind(acme: Shop) -> None:
    refusal = acme.post("updateBalance", usd("none", "issue", 5))["requestRef"]
    seen = look(acme, refusal)
    assert (seen["requestErrorCode"], seen["callType"]) == (2, "UPDATE_BALANCE")
    read = acme.ok("search", {"filters": {}})["requestRef"]
    assert look(acme, read)["callType"] == "SEARCH"
    assert "requestErrorCode" not in look(acme, read)


def test_a_look_up_can_be_looked_up(acme: Shop) -> None:
    read = acme.ok("requestLookup", {"requestRef": acme.ok("search", {"filters": {}})["requestRef"]})["requestRef"]
    assert look(acme, read)["callType"] == "REPORTING"


def test_a_checkout_shows_its_figures(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 50)
    body = {"cardNumber": card, "checkoutTotal": 25, "paymentMethods": [pay(10)]}
    seen = look(acme, acme.ok("checkout", body)["requestRef"])
    assert (seen["callType"], seen["checkoutTotalBeforeDiscount"], seen["totalDiscount"]) == (
        "CHECKOUT_COMPLETE",
        25,
        0,
    )
    assert [each["amount"] for each in seen["balanceMutations"]] == [-10]


def test_a_hold_is_split_when_asked_for(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 50)
    seen = look(acme, acme.hold(card, 10), splitHoldMutations=True)
    assert [each["amount"] for each in seen["balanceMutations"]] == [-10]
    assert [each["amount"] for each in seen["holdBalanceMutations"]] == [10]


def test_the_request_date_is_the_moment_of_processing(acme: Shop) -> None:
    body = {"cardNumber": "A-1", "cardSetId": "gift-cards", "createIfNew": True}
    reference = acme.ok("allocate", body | {"customRequestDate": "2024-02-29 12:00:00"})["requestRef"]
    assert look(acme, reference)["requestDate"] == "2024-02-29 12:00:00"


# --- checkoutLookup --------------------------------------------------------------------------------------------------


def test_a_checkout_comes_back_as_it_was_sent(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 50)
    paid = acme.redeem(card, 5)
    body = {
        "cardNumber": card,
        "products": [{"sku": "HAT", "unitPrice": "9.99", "amountPurchased": "1.5", "unitCost": 4}, {"sku": "BAG"}],
        "paymentMethods": [pay(5), {"updateBalanceRequestRef": paid}, {"paymentType": "Cash", "amount": "4.99"}],
    }
    reply = acme.ok("checkout", body, externalTransactionId="INV-1")
    seen = acme.ok("checkoutLookup", {"checkoutTransactionId": reply["transactionId"]})
    assert (seen["cardNumber"], seen["locationId"], seen["terminalId"]) == (card, "main-street", "till-1")
    assert (seen["checkoutTotalBeforeDiscount"], seen["totalDiscount"]) == (Decimal("14.99"), 0)
    assert seen["skus"] == [
        {"sku": "HAT", "unitPrice": Decimal("9.99"), "amountPurchased": Decimal("1.5"), "unitCost": 4},
        {"sku": "BAG", "unitPrice": 0, "amountPurchased": 1},
    ]
    assert [each["amount"] for each in seen["paymentMethods"]] == [5, 5, Decimal("4.99")]
    assert (seen["isVoided"], seen["externalTransactionId"]) == (False, "INV-1")
    assert '"unitPrice":0.00' in seen.text


def test_an_anonymous_checkout_has_no_card(acme: Shop) -> None:
    reference = acme.ok("checkout", {"checkoutTotal": 5})["transactionId"]
    assert "cardNumber" not in acme.ok("checkoutLookup", {"checkoutTransactionId": reference}).body


@pytest.mark.parametrize("reference", REFERENCES)
def test_an_unknown_checkout_answers_8(acme: Shop, reference: str) -> None:
    refused(acme, 8, "checkoutLookup", {"checkoutTransactionId": reference})


def test_another_kind_of_call_answers_8(acme: Shop) -> None:
    refused(acme, 8, "checkoutLookup", {"checkoutTransactionId": acme.issue(acme.card(), 5)})


def test_a_voided_payment_leaves_the_checkout_as_it_is(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 50)
    paid = acme.redeem(card, 5)
    body = {"cardNumber": card, "checkoutTotal": 25, "paymentMethods": [{"updateBalanceRequestRef": paid}]}
    reference = acme.ok("checkout", body)["transactionId"]
    void(acme, card, paid)
    seen = acme.ok("checkoutLookup", {"checkoutTransactionId": reference})
    assert seen["isVoided"] is False
    assert look(acme, paid)["isVoided"] is True


# --- listRequests ----------------------------------------------------------------------------------------------------


def test_all_calls_with_an_external_id_are_listed_reads_and_refusals_too(acme: Shop) -> None:
    card, header = acme.card(), {"externalTransactionId": "INV-1"}
    references = [
        acme.ok("updateBalance", usd(card, "issue", 5), **header)["requestRef"],
        acme.post("updateBalance", usd(card, "redeem", 50), **header)["requestRef"],
        acme.ok("search", {"filters": {}}, **header)["requestRef"],
    ]
    acme.ok("search", {"filters": {}}, externalTransactionId="INV-2")
    assert acme.ok("listRequests", {"externalTransactionId": "INV-1"})["requestRefs"] == references


def test_nothing_found_is_an_empty_list(acme: Shop) -> None:
    assert acme.ok("listRequests", {"externalTransactionId": "x" * 5000})["requestRefs"] == []


def test_long_ids_are_told_apart_to_the_end(acme: Shop) -> None:
    first, second = "x" * 100 + "1", "x" * 100 + "2"
    reference = acme.ok("search", {"filters": {}}, externalTransactionId=first)["requestRef"]
    assert acme.ok("listRequests", {"externalTransactionId": first})["requestRefs"] == [reference]
    assert acme.ok("listRequests", {"externalTransactionId": second})["requestRefs"] == []


@pytest.mark.parametrize("body", [{}, {"externalTransactionId": ""}, {"externalTransactionId": None}])
def test_a_missing_external_id_answers_6(acme: Shop, body: dict[str, Any]) -> None:
    refused(acme, 6, "listRequests", body)


# --- listValueTypes --------------------------------------------------------------------------------------------------

USD = {"balanceType": "Currency", "balanceCode": "USD", "scale": 2, "showInTerminal": True}


def test_value_types_of_a_card_and_of_a_set_are_those_of_the_program(acme: Shop) -> None:
    create_value_type(
        brand=acme.brand,
        program=acme.gift,
        balance_type="Custom",
        balance_code="cashback",
        code_display="Cash back",
        scale=2,
        show_in_terminal=False,
    )
    custom = {"balanceType": "Custom", "balanceCode": "cashback", "scale": 2, "showInTerminal": False}
    expected = [USD, custom | {"balanceCodeDisplay": "Cash back"}]
    for body in ({"lookupCardNumber": acme.card()}, {"cardSetId": "gift-cards"}):
        assert acme.ok("listValueTypes", body)["valueTypes"] == expected
    points = [{"balanceType": "Points", "scale": 0, "showInTerminal": True}]
    assert acme.ok("listValueTypes", {"cardSetId": "loyalty-cards"})["valueTypes"] == points


@pytest.mark.parametrize("body", [{}, {"lookupCardNumber": "x", "cardSetId": "gift-cards"}, {"cardSetId": ""}])
def test_neither_or_both_fields_answer_9(acme: Shop, body: dict[str, str]) -> None:
    refused(acme, 9, "listValueTypes", body)


def test_unknown_card_and_set_answer_2_and_7(acme: Shop) -> None:
    refused(acme, 2, "listValueTypes", {"lookupCardNumber": "none"})
    refused(acme, 7, "listValueTypes", {"cardSetId": "none"})


def test_it_answers_for_every_card_that_was_ever_activated(acme: Shop) -> None:
    card = acme.card()
    set_status(acme, card, "Stolen")
    assert acme.ok("listValueTypes", {"lookupCardNumber": card})["valueTypes"] == [USD]
    refused(acme, 11, "listValueTypes", {"lookupCardNumber": rack(acme, "A-1")})
