"""returnMerchandise over the wire: what is recorded, what is too much, whose checkout it may be."""

from decimal import Decimal
from typing import Any

from apps.checkouts.models import Return, ReturnLine
from apps.requestlog.models import Operation, Request
from tests.merchant_api.methods.test_void_transaction import void, void_refused
from tests.merchant_api.steady import (
    UNKNOWN,
    ago,
    ahead,
    change_brand,
    close_books,
    history,
    refused,
    set_status,
    state,
)
from tests.shop import Reply, Shop
from tests.transactions.locks import lock

HATS = [{"sku": "HAT", "unitPrice": 10, "amountPurchased": 2}, {"sku": "TIE", "unitPrice": 30}]


def buy(shop: Shop, card: str | None = None, **more: Any) -> str:
    """A checkout of hats and a tie, for 50 in all."""
    body = {"products": HATS} | ({"cardNumber": card} if card else {}) | more
    return str(shop.ok("checkout", body)["requestRef"])


def back(shop: Shop, card: str | None = None, checkout: str | None = None, **more: Any) -> Reply:
    return shop.ok("returnMerchandise", body(card, checkout, **more))


def back_refused(shop: Shop, code: int, card: str | None = None, checkout: str | None = None, **more: Any) -> Reply:
    return refused(shop, code, "returnMerchandise", body(card, checkout, **more))


def body(card: str | None, checkout: str | None, **more: Any) -> dict[str, Any]:
    known = {"cardNumber": card, "checkoutRequestRef": checkout}
    return {name: value for name, value in known.items() if value is not None} | more


def units(sku: str, count: Any = 1, price: Any = None) -> dict[str, Any]:
    return {"sku": sku, "amountPurchased": count} | ({} if price is None else {"unitPrice": price})


def value(amount: Any) -> dict[str, Any]:
    return {"additionalReturnAmount": amount}


def stored(shop: Shop, reply: Reply) -> Return:
    return Return.objects.get(brand=shop.brand, operation_id=reply["requestRef"])


# --- what is recorded ------------------------------------------------------------------------------------------------


def test_an_empty_request_returns_nothing_of_nobody(acme: Shop) -> None:
    reply = acme.ok("returnMerchandise", {})
    assert reply.body == {"requestRef": reply["requestRef"], "success": True}
    row = stored(acme, reply)
    assert (row.total, row.wallet_id, row.checkout_operation_id, row.currency) == (0, None, None, "USD")


def test_the_total_is_the_products_and_what_they_do_not_explain(acme: Shop) -> None:
    card = acme.card()
    line = units("HAT123", "1.0", "15.00") | {"unitCost": 4}
    row = stored(acme, back(acme, card, returnedProducts=[line, units("TIE", 2, "0.75")], additionalReturnAmount=5))
    assert (row.total, row.location_id, row.may_exceed) == (Decimal("21.50"), acme.location.pk, False)
    lines = ReturnLine.objects.filter(brand=acme.brand).order_by("no")
    assert list(lines.values_list("no", "sku", "quantity", "unit_price", "unit_cost")) == [
        (1, "HAT123", 1, 15, 4),
        (2, "TIE", 2, Decimal("0.75"), None),
    ]


def test_it_stands_in_the_history_of_the_card_and_in_lookups(acme: Shop) -> None:
    card = acme.card()
    reply = back(acme, card, buy(acme, card), **value(5))
    row = history(acme, card)[0]
    assert (row["callType"], row["requestRef"], row["balanceUpdates"]) == (
        "RETURN_MERCHANDISE",
        reply["requestRef"],
        [],
    )
    assert len(history(acme, card, restrictTransactionTypes=["RETURN_MERCHANDISE"])) == 1
    seen = acme.ok("requestLookup", {"requestRef": reply["requestRef"]})
    assert (seen["callType"], seen["cardNumber"], seen["isVoided"]) == ("RETURN_MERCHANDISE", card, False)
    void(acme, card, reply["requestRef"])
    assert acme.ok("requestLookup", {"requestRef": reply["requestRef"]})["isVoided"] is True


def test_a_checkout_with_returns_is_not_voided(acme: Shop) -> None:
    card = acme.card()
    bought = buy(acme, card)
    back(acme, card, bought, **value(50))
    assert acme.ok("checkoutLookup", {"checkoutTransactionId": bought})["isVoided"] is False


def test_a_product_without_price_counts_what_was_paid_for_it(acme: Shop) -> None:
    card = acme.card()
    bought = buy(acme, card, preDiscounts=[{"amount": 5}])
    row = stored(acme, back(acme, card, bought, returnedProducts=[units("HAT"), units("TIE")]))
    assert row.total == 36
    assert list(ReturnLine.objects.filter(brand=acme.brand).order_by("no").values_list("unit_price", flat=True)) == [
        9,
        27,
    ]


def test_without_a_known_checkout_it_counts_nothing_and_neither_does_a_price_of_nothing(acme: Shop) -> None:
    card = acme.card()
    assert stored(acme, back(acme, card, returnedProducts=[units("HAT")])).total == 0
    assert stored(acme, back(acme, card, buy(acme, card), returnedProducts=[units("HAT", 1, 0)])).total == 0
    assert stored(acme, back(acme, card, buy(acme, card), returnedProducts=[units("HAT") | {"unitPrice": None}])).total


def test_the_currency_is_the_checkouts(acme: Shop) -> None:
    card = acme.card()
    bought = buy(acme, card)
    type(acme.other_location).objects.filter(pk=acme.other_location.pk).update(currency="JPY")
    change_brand(acme)
    there = {"Location": "harbour", "Terminal": "till-9"}
    known = acme.ok("returnMerchandise", body(card, bought, **value("0.55")), **there)
    unknown = acme.ok("returnMerchandise", body(card, None, returnedProducts=[units("HAT", 1, "0.55")]), **there)
    assert [(row.currency, row.total) for row in (stored(acme, known), stored(acme, unknown))] == [
        ("USD", Decimal("0.55")),
        ("JPY", 1),
    ]


def test_a_return_of_an_earlier_day(acme: Shop) -> None:
    card = acme.card(customRequestDate=ago(days=9))
    row = stored(acme, back(acme, card, customRequestDate=ago(days=3), **value(5)))
    assert row.happened_at == Operation.objects.get(brand=acme.brand, id=row.operation_id).occurred_at
    assert row.happened_at.strftime("%Y-%m-%d %H:%M:%S") == ago(days=3)


def test_what_the_request_alone_shows_to_be_impossible(acme: Shop) -> None:
    card = acme.card()
    back_refused(acme, 9, card, **value(-1))
    back_refused(acme, 9, card, returnedProducts=[units("HAT", -1)])
    back_refused(acme, 9, card, returnedProducts=[units("HAT", 1, -1)])
    back_refused(acme, 9, card, returnedProducts=[units("HAT", 1, "0.0000001")])
    back_refused(acme, 9, card, usedCouponResets="Sometimes")
    back_refused(acme, 9, childCardNumber="kid")
    back_refused(acme, 9, card, reversePayments=True)
    back_refused(acme, 6, card, returnedProducts=[{"amountPurchased": 1}])
    back_refused(acme, 9, card, customRequestDate=ahead(days=1))


def test_a_closed_period_takes_no_returns(acme: Shop) -> None:
    card = acme.card(customRequestDate=ago(days=9))
    close_books(acme, Operation.objects.get(brand=acme.brand).recorded_at)
    back_refused(acme, 9, card, customRequestDate=ago(days=3))


# --- whose -----------------------------------------------------------------------------------------------------------


def test_cards_that_cannot_return(acme: Shop) -> None:
    card = acme.card()
    back_refused(acme, 2, "nobody")
    back_refused(acme, 2, card, childCardNumber="nobody")
    held = lock(acme, card)
    assert back_refused(acme, 14, card)["checkoutSetupTransactionId"] == str(held)
    set_status(acme, other := acme.card(), "Suspended")
    back_refused(acme, 11, other)


def test_references_that_are_not_the_cards(acme: Shop, charlie: Shop) -> None:
    card, other = acme.card(), acme.card()
    bought, elsewhere = buy(acme, card), charlie.card()
    for reference in (UNKNOWN, "no-uuid", buy(acme), buy(charlie, elsewhere), buy(charlie)):
        back_refused(acme, 29, card, reference)
    back_refused(acme, 29, other, bought)
    back_refused(acme, 29, None, UNKNOWN)
    back_refused(acme, 29, None, buy(charlie))


def test_a_reference_without_card_is_for_anonymous_checkouts(acme: Shop) -> None:
    card = acme.card()
    back_refused(acme, 9, None, buy(acme, card))
    bought = buy(acme)
    row = stored(acme, back(acme, None, bought, returnedProducts=[units("TIE")]))
    assert (str(row.checkout_operation_id), row.wallet_id, row.total) == (bought, None, 30)


def test_nobody_counts_what_comes_back_of_an_anonymous_checkout(acme: Shop) -> None:
    bought = buy(acme)
    for _ in range(2):
        back(acme, None, bought, **value(50))


def test_what_is_no_completed_checkout(acme: Shop) -> None:
    card = acme.card()
    setup = acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 5, "isSetup": True})["requestRef"]
    for reference in (acme.issue(card, 5), setup, back(acme, card)["requestRef"]):
        back_refused(acme, 31, card, reference)
    back_refused(acme, 31, None, back(acme)["requestRef"])


def test_a_voided_checkout(acme: Shop) -> None:
    card = acme.card()
    bought = buy(acme, card)
    void(acme, card, bought)
    back_refused(acme, 30, card, bought, **value(1))


def test_a_childs_checkout_is_the_childs(acme: Shop) -> None:
    card = acme.card()
    acme.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": "kid"})
    kid = {"childCardNumber": "kid"}
    bought, roots = buy(acme, card, **kid), buy(acme, card)
    back_refused(acme, 29, card, bought)
    back_refused(acme, 29, card, roots, **kid)
    reply = back(acme, card, bought, **kid, **value(50))
    assert acme.ok("requestLookup", {"requestRef": reply["requestRef"]})["childCardNumber"] == "kid"
    back_refused(acme, 9, card, bought, **kid, **value(1))
    void_refused(acme, 29, card, reply["requestRef"])
    void(acme, card, reply["requestRef"], **kid)


def test_after_a_transfer_the_new_card_returns_and_its_return_is_voided_there(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    bought = buy(acme, old)
    back(acme, old, bought, **value(20))
    acme.ok("transfer", {"cardNumber": old, "action": "out"})
    acme.ok("transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old})
    back_refused(acme, 11, old, bought, **value(1))
    back_refused(acme, 9, new, bought, **value("30.01"))
    reply = back(acme, new, bought, **value(30))
    back_refused(acme, 9, new, bought, **value(1))
    void(acme, new, reply["requestRef"])
    back(acme, new, bought, **value(30))


# --- too much --------------------------------------------------------------------------------------------------------


def test_no_more_value_comes_back_than_was_paid_in_however_many_returns(acme: Shop) -> None:
    card = acme.card()
    bought = buy(acme, card, preDiscounts=[{"amount": 5}])
    back(acme, card, bought, **value(20))
    back_refused(acme, 9, card, bought, **value("25.01"))
    back(acme, card, bought, **value(25))
    back_refused(acme, 9, card, bought, **value("0.01"))
    back(acme, card, bought)


def test_payments_that_count_as_discounts_lower_the_ceiling(acme: Shop) -> None:
    card = acme.card()
    paid = [{"paymentType": "Check", "amount": 10, "countAsDiscount": True}]
    bought = buy(acme, card, paymentMethods=paid)
    back_refused(acme, 9, card, bought, **value(41))
    back(acme, card, bought, **value(40))


def test_no_more_units_come_back_than_were_bought(acme: Shop) -> None:
    card = acme.card()
    bought = buy(acme, card)
    back_refused(acme, 9, card, bought, returnedProducts=[units("HAT", 3, 1)])
    back_refused(acme, 9, card, bought, returnedProducts=[units("SCARF", 1, 1)])
    back(acme, card, bought, returnedProducts=[units("HAT", "1.5")])
    back_refused(acme, 9, card, bought, returnedProducts=[units("HAT", 1)])
    back(acme, card, bought, returnedProducts=[units("HAT", "0.5")])


def test_a_call_can_allow_more(acme: Shop) -> None:
    card = acme.card()
    bought = buy(acme, card)
    row = stored(acme, back(acme, card, bought, failIfOverReturn=False, returnedProducts=[units("SCARF", 9, 99)]))
    assert (row.total, row.may_exceed) == (891, True)
    back_refused(acme, 9, card, bought, **value(1))


def test_a_voided_return_frees_its_allowance_and_keeps_its_checkout_from_being_voided_no_more(acme: Shop) -> None:
    card = acme.card()
    bought = buy(acme, card)
    first = back(acme, card, bought, **value(50))["requestRef"]
    void_refused(acme, 9, card, bought)
    void(acme, card, first)
    void_refused(acme, 30, card, first)
    second = back(acme, card, bought, **value(50))["requestRef"]
    void(acme, card, second)
    void(acme, card, bought)
    back_refused(acme, 30, card, bought)


def test_a_return_of_nothing_moved_nothing_that_could_be_voided(acme: Shop) -> None:
    card = acme.card()
    void_refused(acme, 31, card, back(acme, card)["requestRef"])
    void_refused(acme, 29, card, back(acme, **value(5))["requestRef"])


# --- simulations, versions, ids --------------------------------------------------------------------------------------


def test_a_simulation_changes_nothing_and_is_logged(acme: Shop) -> None:
    card = acme.card()
    bought = buy(acme, card)
    before = state(acme)
    reply = back(acme, card, bought, simulateOnly=True, **value(50))
    assert reply.body == {"requestRef": reply["requestRef"], "success": True}
    assert state(acme) == before
    logged = Request.objects.get(brand=acme.brand, id=reply["requestRef"])
    assert (logged.error_code, logged.card_number) == (0, card)
    back_refused(acme, 9, card, bought, simulateOnly=True, **value(51))
    assert acme.ok("requestLookup", {"requestRef": reply["requestRef"]})["callType"] == "RETURN_MERCHANDISE"


def test_a_simulation_consumes_its_id(acme: Shop) -> None:
    card = acme.card()
    simulated = body(card, None, simulateOnly=True)
    first = acme.ok("returnMerchandise", simulated, customRequestId="one")
    for again in (simulated, body(card, None)):
        reply = acme.post("returnMerchandise", again, customRequestId="one")
        assert (reply.code, reply["originalRequestRef"]) == (3, first["requestRef"])


def test_an_id_acts_once(acme: Shop) -> None:
    card = acme.card()
    bought = buy(acme, card)
    acme.ok("returnMerchandise", body(card, bought, **value(20)), customRequestId="one")
    refused(acme, 3, "returnMerchandise", body(card, bought, **value(20)), customRequestId="one")


def test_version_1_knows_fewer_fields(acme: Shop) -> None:
    card = acme.card()
    bought = buy(acme, card)
    change_brand(acme, api_version=1)
    back_refused(acme, 9, card, bought, failIfOverReturn=False, **value(51))
    row = stored(acme, back(acme, card, bought, reversePayments=True, usedCouponResets="Whenever", **value(1)))
    assert row.reversed_payments is False


def test_another_brand_sees_nothing_of_it(acme: Shop, charlie: Shop) -> None:
    card, before = acme.card(), state(charlie)
    reply = back(acme, card, buy(acme, card), **value(5))
    assert state(charlie) == before
    assert charlie.post("requestLookup", {"requestRef": reply["requestRef"]}).code == 29


def test_skus_are_compared_exactly(acme: Shop) -> None:
    card = acme.card()
    back_refused(acme, 9, card, buy(acme, card), returnedProducts=[units("hat", 1, 1)])
