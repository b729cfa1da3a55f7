"""allocateChildCard, and what all methods do for child cards."""

from decimal import Decimal
from typing import Any

import pytest

from tests.merchant_api.steady import refused
from tests.shop import Shop, usd

D = Decimal


def child(shop: Shop, root: str, number: str = "kid-1") -> str:
    shop.ok("allocateChildCard", {"cardNumber": root, "childCardNumber": number})
    return number


def balance(shop: Shop, root: str, number: str) -> Decimal:
    """The USD of a child card, by taking nothing from it."""
    body = usd(root, "redeem", 1, childCardNumber=number, redeemMaxOnOverdraw=True, returnBalances=True)
    reply = shop.ok("updateBalance", body)
    taken = 1 - reply.body.get("overdrawAmount", 0)
    left = D(reply["balances"][0]["amount"]) if reply["balances"] else D(0)
    if taken:
        shop.ok("voidTransaction", {"cardNumber": root, "childCardNumber": number, "requestRef": reply["requestRef"]})
    return left + D(taken)


def test_a_child_card_has_value_of_its_own(acme: Shop) -> None:
    root = acme.card()
    kid = child(acme, root)
    acme.issue(root, 50)
    acme.issue(root, 20, childCardNumber=kid)
    assert acme.free(root) == D(50)
    assert balance(acme, root, kid) == D(20)


def test_the_answer_says_nothing_but_that_it_worked(acme: Shop) -> None:
    reply = acme.ok("allocateChildCard", {"cardNumber": acme.card(), "childCardNumber": "kid"})
    assert set(reply.body) == {"success", "requestRef"}


@pytest.mark.parametrize("number", ["ab", "x" * 26, "a,b", "", " ab", None])
def test_a_number_that_is_no_child_number_is_refused(acme: Shop, number: str | None) -> None:
    refused(acme, 9, "allocateChildCard", {"cardNumber": acme.card(), "childCardNumber": number})


@pytest.mark.parametrize("root", ["", None])
def test_a_call_without_root_is_malformed(acme: Shop, root: str | None) -> None:
    refused(acme, 6, "allocateChildCard", {"cardNumber": root, "childCardNumber": "kid"})


def test_a_number_is_given_once_below_a_root_but_again_below_another(acme: Shop) -> None:
    first, second = acme.card(), acme.card()
    child(acme, first)
    refused(acme, 9, "allocateChildCard", {"cardNumber": first, "childCardNumber": "kid-1"})
    child(acme, second)


def test_an_unknown_or_inactive_root_has_no_children(acme: Shop) -> None:
    refused(acme, 2, "allocateChildCard", {"cardNumber": "nobody", "childCardNumber": "kid"})
    closed = acme.card()
    adjust = {"isAccountingAdjustment": True, "adjustStatus": {"newStatus": "Closed"}}
    acme.ok("updateBalance", {"cardNumber": closed, "action": "adjustOnly"} | adjust)
    refused(acme, 11, "allocateChildCard", {"cardNumber": closed, "childCardNumber": "kid"})


CALLS: list[tuple[str, dict[str, Any]]] = [
    ("updateBalance", {"action": "issue", "amount": {"amount": 1, "balanceType": "Currency", "balanceCode": "USD"}}),
    ("checkout", {"checkoutTotal": 1}),
    ("updateAccount", {"primaryCustomer": {"firstName": "Ada"}}),
    ("cardHistory", {}),
    ("voidTransaction", {"requestRef": "01a1f7e9-9638-73fe-b50a-000000000000"}),
]


@pytest.mark.parametrize(("method", "body"), CALLS, ids=[method for method, _ in CALLS])
def test_an_unknown_child_answers_2(acme: Shop, method: str, body: dict[str, Any]) -> None:
    refused(acme, 2, method, {"cardNumber": acme.card(), "childCardNumber": "nobody"} | body)


@pytest.mark.parametrize(("method", "body"), CALLS, ids=[method for method, _ in CALLS])
def test_the_child_of_another_root_is_unknown(acme: Shop, method: str, body: dict[str, Any]) -> None:
    child(acme, acme.card())
    refused(acme, 2, method, {"cardNumber": acme.card(), "childCardNumber": "kid-1"} | body)


@pytest.mark.parametrize(
    "more",
    [
        {"action": "adjustOnly", "isAccountingAdjustment": True, "adjustStatus": {"newStatus": "Lost"}},
        usd("", "issue", 1, isAccountingAdjustment=True, adjustStatus={"newStatus": "Lost"}),
    ],
)
def test_a_child_has_no_status_of_its_own(acme: Shop, more: dict[str, Any]) -> None:
    root = acme.card()
    refused(acme, 9, "updateBalance", more | {"cardNumber": root, "childCardNumber": child(acme, root)})


def test_the_pin_of_a_child_is_its_roots(acme: Shop) -> None:
    answer = acme.ok("allocate", {"cardNumber": "pin-root", "cardSetId": acme.gift_set.code, "createIfNew": True})
    kid = child(acme, "pin-root")
    wrong = "0000" if answer["pin"] != "0000" else "1111"
    pinned = {"childCardNumber": kid, "forcePinValidation": True}
    acme.ok("updateBalance", usd("pin-root", "issue", 5, pin=answer["pin"], **pinned))
    refused(acme, 10, "updateBalance", usd("pin-root", "issue", 5, pin=wrong, **pinned))


def test_a_checkout_of_a_child_pays_from_the_child_or_from_its_parent(acme: Shop) -> None:
    root = acme.card()
    kid = child(acme, root)
    acme.issue(root, 50)
    acme.issue(root, 20, childCardNumber=kid)
    pay = {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": 15}
    body = {"cardNumber": root, "childCardNumber": kid, "checkoutTotal": 30, "paymentMethods": [pay]}
    first = acme.ok("checkout", body)
    assert (first["cardNumber"], first["childCardNumber"]) == (root, kid)
    second = acme.ok("checkout", body | {"useParentBalancesOnly": True, "returnBalances": True})
    assert second["balances"][0]["amount"] == D("35.00")
    assert balance(acme, root, kid) == D(5)
    seen = acme.ok("checkoutLookup", {"checkoutTransactionId": second["transactionId"]})
    assert (seen["cardNumber"], seen["childCardNumber"]) == (root, kid)
    looked_up = acme.ok("requestLookup", {"requestRef": second["requestRef"]})
    assert (looked_up["cardNumber"], looked_up["childCardNumber"]) == (root, kid)


@pytest.mark.parametrize("body", [{"childCardNumber": "kid-1"}, {"useParentBalancesOnly": True, "cardNumber": "ROOT"}])
def test_a_checkout_of_a_child_names_both(acme: Shop, body: dict[str, Any]) -> None:
    root = acme.card()
    child(acme, root)
    if "cardNumber" in body:
        body = body | {"cardNumber": root}
    refused(acme, 9, "checkout", {"checkoutTotal": 1} | body)


def test_a_void_names_the_child_of_the_call(acme: Shop) -> None:
    root = acme.card()
    kid = child(acme, root)
    issued = acme.issue(root, 20, childCardNumber=kid)
    rooted = acme.issue(root, 7)
    refused(acme, 29, "voidTransaction", {"cardNumber": root, "requestRef": issued})
    refused(acme, 29, "voidTransaction", {"cardNumber": root, "childCardNumber": kid, "requestRef": rooted})
    acme.ok("voidTransaction", {"cardNumber": root, "childCardNumber": kid, "requestRef": issued})
    assert balance(acme, root, kid) == 0
    assert acme.free(root) == D(7)


def test_voiding_a_childs_checkout_gives_its_parent_back_what_it_paid(acme: Shop) -> None:
    root = acme.card()
    kid = child(acme, root)
    acme.issue(root, 50)
    pay = {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": 15}
    body = {"cardNumber": root, "childCardNumber": kid, "checkoutTotal": 15, "paymentMethods": [pay]}
    paid = acme.ok("checkout", body | {"useParentBalancesOnly": True})
    acme.ok("voidTransaction", {"cardNumber": root, "childCardNumber": kid, "requestRef": paid["requestRef"]})
    assert acme.free(root) == D(50)


def history(shop: Shop, root: str, **more: Any) -> list[tuple[str | None, list[Decimal]]]:
    rows = shop.ok("cardHistory", {"cardNumber": root} | more)["transactions"]
    return [(row.get("childCardNumber"), [D(each["amount"]) for each in row["balanceUpdates"]]) for row in rows]


def test_the_history_of_a_root_tells_its_childrens_and_says_whose(acme: Shop) -> None:
    root = acme.card()
    kid, other = child(acme, root), child(acme, root, "kid-2")
    acme.issue(root, 50)
    acme.issue(root, 20, childCardNumber=kid)
    acme.issue(root, 3, childCardNumber=other)
    assert history(acme, root)[:3] == [("kid-2", [D(3)]), ("kid-1", [D(20)]), (None, [D(50)])]
    assert history(acme, root, childCardNumber=kid) == [("kid-1", [D(20)])]


def test_the_allocation_of_a_child_is_a_call_on_its_root(acme: Shop) -> None:
    root = acme.card()
    allocated = acme.ok("allocateChildCard", {"cardNumber": root, "childCardNumber": "kid"})["requestRef"]
    row = acme.ok("cardHistory", {"cardNumber": root})["transactions"][0]
    assert (row["requestRef"], row["childCardNumber"]) == (allocated, "kid")
    assert history(acme, root, childCardNumber="kid") == []


def test_holds_of_a_child_stay_with_the_child(acme: Shop) -> None:
    root = acme.card()
    kid = child(acme, root)
    acme.issue(root, 20, childCardNumber=kid)
    held = acme.hold(root, 8, childCardNumber=kid)
    refused(acme, 8, "updateBalance", usd(root, "redeem", 8, redeemFromHoldTransactionId=held))
    acme.redeem(root, 8, childCardNumber=kid, redeemFromHoldTransactionId=held)
    assert balance(acme, root, kid) == D(12)


def test_another_brand_cannot_reach_a_child(acme: Shop, charlie: Shop) -> None:
    root = acme.card()
    kid = child(acme, root)
    refused(charlie, 2, "updateBalance", usd(root, "issue", 1, childCardNumber=kid))
    refused(charlie, 2, "allocateChildCard", {"cardNumber": root, "childCardNumber": "more"})
