"""voidTransaction over the wire: what goes back where, and what cannot."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.ledger.models import Entry, Lot, Void
from tests.merchant_api.methods.test_update_balance import ADJUST, old_card
from tests.merchant_api.steady import (
    NOW,
    ahead,
    change_brand,
    close_books,
    history,
    movements,
    points,
    rack,
    refused,
    set_status,
    status_of,
)
from tests.shop import Shop, usd


def void(shop: Shop, card: str, reference: str, **more: Any) -> str:
    return str(shop.ok("voidTransaction", {"cardNumber": card, "requestRef": reference} | more)["requestRef"])


def void_refused(shop: Shop, code: int, card: str, reference: str, **more: Any) -> None:
    refused(shop, code, "voidTransaction", {"cardNumber": card, "requestRef": reference} | more)


def buy(shop: Shop, card: str | None = None, *payments: dict[str, Any], total: Any = 100) -> str:
    body = {"checkoutTotal": total, "paymentMethods": list(payments)} | ({"cardNumber": card} if card else {})
    return str(shop.ok("checkout", body)["transactionId"])


def pay(amount: Any) -> dict[str, Any]:
    return {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": amount}


# --- updateBalance ---------------------------------------------------------------------------------------------------


def test_the_answer_holds_nothing_but_its_reference(acme: Shop) -> None:
    card = acme.card()
    reply = acme.ok("voidTransaction", {"cardNumber": card, "requestRef": acme.issue(card, 10)})
    assert reply.body == {"requestRef": reply["requestRef"], "success": True}
    assert acme.balances(card) == []


def test_a_voided_redemption_goes_back_to_its_kind_with_expiry_and_return_flag(acme: Shop) -> None:
    card = old_card(acme)
    acme.issue(card, 5, customRequestDate="2024-01-02 00:00:00")
    soon = {"issuedBalanceExpiration": "2024-03-01 00:00:00", "customRequestDate": "2024-01-02 00:00:00"}
    acme.issue(card, 3, isReturnRelated=True, **soon)
    spent = acme.redeem(card, 4, customRequestDate="2024-01-03 00:00:00")
    void(acme, card, spent, customRequestDate="2024-02-01 00:00:00")
    restored = Lot.objects.get(brand=acme.brand, open=True, return_related=True)
    assert (restored.remaining, restored.expires_at) == (3, datetime(2024, 3, 1, tzinfo=UTC))
    assert acme.free(card) == 5


def test_what_is_restored_after_its_expiry_expires_at_once(acme: Shop) -> None:
    card = old_card(acme)
    soon = {"issuedBalanceExpiration": "2024-02-01 00:00:00", "customRequestDate": "2024-01-02 00:00:00"}
    acme.issue(card, 3, **soon)
    spent = acme.redeem(card, 3, customRequestDate="2024-01-03 00:00:00")
    void(acme, card, spent)
    assert acme.balances(card) == []
    assert sum(amount for row in history(acme, card) for amount in movements(row)) == 0


def test_a_voided_issue_takes_from_the_same_lot_first_then_by_spending_order(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10, issuedBalanceExpiration=ahead(days=5))
    acme.issue(card, 10, issuedBalanceExpiration=ahead(days=50))
    issued = acme.issue(card, 10)
    acme.redeem(card, 5)
    acme.hold(card, 11)
    voided = void(acme, card, issued)
    taken = Entry.objects.filter(brand=acme.brand, operation_id=voided).order_by("seq")
    assert list(taken.values_list("lot_no", "amount", "kind")) == [(3, -10, 10)]
    assert acme.free(card) == 4


def test_what_the_own_lot_lacks_comes_from_the_others(acme: Shop) -> None:
    card = acme.card()
    issued = acme.issue(card, 10, issuedBalanceExpiration=ahead(days=5))
    acme.redeem(card, 6)
    acme.issue(card, 10)
    void(acme, card, issued)
    assert acme.free(card) == 4


def test_too_little_left_answers_13_and_nothing_moves(acme: Shop) -> None:
    card = acme.card()
    issued = acme.issue(card, 10)
    acme.redeem(card, 1)
    void_refused(acme, 13, card, issued)
    assert acme.free(card) == 9


def test_held_value_is_not_taken_back(acme: Shop) -> None:
    card = acme.card()
    issued = acme.issue(card, 10)
    hold = acme.hold(card, 1)
    void_refused(acme, 13, card, issued)
    assert acme.held(card) == {hold: 1}


def test_a_brand_can_take_what_is_free_and_record_the_shortfall(acme: Shop) -> None:
    change_brand(acme, void_takes_what_is_free=True)
    card = acme.card()
    issued = acme.issue(card, 10)
    acme.redeem(card, "3.50")
    acme.hold(card, 2)
    voided = void(acme, card, issued)
    assert acme.free(card) == 0
    assert list(acme.held(card).values()) == [2]
    row = Void.objects.get(brand=acme.brand)
    assert str(row.by_operation_id) == voided
    assert {int(key): Decimal(value) for key, value in row.shortfall.items()} == {acme.usd.pk: Decimal("5.50")}


def test_delayed_value_is_taken_back(acme: Shop) -> None:
    card = acme.card()
    void(acme, card, acme.issue(card, 10, issuedBalanceActivation=ahead(days=1)))
    assert Entry.objects.filter(brand=acme.brand).count() == 2


def test_an_expired_issue_cannot_be_taken_back(acme: Shop) -> None:
    card = old_card(acme)
    soon = {"issuedBalanceExpiration": "2024-02-01 00:00:00", "customRequestDate": "2024-01-02 00:00:00"}
    void_refused(acme, 13, card, acme.issue(card, 3, **soon))


@pytest.mark.parametrize(("action", "amount"), [("issue", 4), ("redeem", 4), ("issue", -4), ("redeem", -4)])
def test_adjustments_are_voided_like_other_movements(acme: Shop, action: str, amount: int) -> None:
    card = acme.card()
    acme.issue(card, 10)
    reply = acme.ok("updateBalance", usd(card, action, amount) | ADJUST)
    void(acme, card, reply["requestRef"])
    assert acme.free(card) == 10


def test_a_status_stays_when_the_adjustment_with_it_is_voided(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    reply = acme.ok("updateBalance", usd(card, "redeem", 4) | ADJUST | {"adjustStatus": {"newStatus": "Suspended"}})
    void_refused(acme, 11, card, reply["requestRef"])
    acme.ok("reactivate", {"cardNumber": card})
    void(acme, card, reply["requestRef"])
    assert (acme.free(card), status_of(acme, card)) == (10, "Activated")


# --- holds -----------------------------------------------------------------------------------------------------------


def test_a_voided_hold_releases_what_is_left(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    hold = acme.hold(card, 6)
    acme.redeem(card, 4, redeemFromHoldTransactionId=hold)
    void(acme, card, hold)
    assert (acme.free(card), acme.held(card)) == (6, {})


def test_a_voided_hold_of_two_lots_gives_each_its_own(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 5, issuedBalanceExpiration=ahead(days=5))
    acme.issue(card, 5)
    hold = acme.hold(card, 8)
    acme.redeem(card, 6, redeemFromHoldTransactionId=hold)
    void(acme, card, hold)
    assert acme.free(card) == 4
    assert [lot["balanceExpiration"] for lot in expiring(acme, card)] == []


def expiring(shop: Shop, card: str) -> list[dict[str, Any]]:
    body = {"filters": {"cardNumber": card}, "returnFields": {"balances": True, "balanceExpirations": True}}
    return [each for each in shop.ok("search", body)["cards"][0]["balances"] if "balanceExpiration" in each]


def test_a_voided_hold_redemption_goes_back_to_the_open_hold(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    hold = acme.hold(card, 6)
    spent = acme.redeem(card, 4, redeemFromHoldTransactionId=hold)
    void(acme, card, spent)
    assert (acme.free(card), acme.held(card)) == (4, {hold: 6})


def test_a_voided_hold_redemption_becomes_free_where_the_hold_is_finished(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    hold = acme.hold(card, 6)
    spent = acme.redeem(card, 4, redeemFromHoldTransactionId=hold, releaseHoldRemainder=True)
    void(acme, card, spent)
    assert (acme.free(card), acme.held(card)) == (10, {})


def test_a_hold_that_was_reopened_keeps_its_end(acme: Shop) -> None:
    change_brand(acme, hold_lifetime=timedelta(hours=1))
    card = old_card(acme)
    acme.issue(card, 10, customRequestDate="2024-01-02 00:00:00")
    hold = acme.hold(card, 6, customRequestDate="2024-01-02 00:00:00")
    from_hold = {"redeemFromHoldTransactionId": hold}
    spent = acme.redeem(card, 4, customRequestDate="2024-01-02 00:10:00", **from_hold)
    void(acme, card, spent, customRequestDate="2024-01-02 00:20:00")
    acme.redeem(card, 6, customRequestDate="2024-01-02 00:59:59", **from_hold)
    assert acme.free(card) == 4


def test_a_finished_hold_has_nothing_left_but_can_be_voided_once(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    hold = acme.hold(card, 6)
    acme.redeem(card, 6, redeemFromHoldTransactionId=hold)
    void(acme, card, hold)
    assert (acme.free(card), acme.held(card)) == (4, {})
    void_refused(acme, 30, card, hold)


def test_a_cancelled_hold_is_not_reopened(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    hold = acme.hold(card, 6)
    cancelled = acme.redeem(card, 0, redeemFromHoldTransactionId=hold, releaseHoldRemainder=True)
    void_refused(acme, 31, card, cancelled)
    assert (acme.free(card), acme.held(card)) == (10, {})


# --- what cannot be voided -------------------------------------------------------------------------------------------


def test_twice_answers_30(acme: Shop) -> None:
    card = acme.card()
    issued = acme.issue(card, 10)
    void(acme, card, issued)
    void_refused(acme, 30, card, issued)


def test_a_void_cannot_be_voided(acme: Shop) -> None:
    card = acme.card()
    void_refused(acme, 31, card, void(acme, card, acme.issue(card, 10)))


@pytest.mark.parametrize("reference", ["00000000-0000-4000-8000-000000000000", "no-uuid", "0", "x" * 5000, 17])
def test_an_unknown_or_malformed_reference_answers_29(acme: Shop, reference: Any) -> None:
    void_refused(acme, 29, acme.card(), reference)


def test_another_cards_reference_answers_29(acme: Shop) -> None:
    card, other = acme.card(), acme.card()
    void_refused(acme, 29, card, acme.issue(other, 10))
    assert acme.free(other) == 10


def test_a_refused_call_and_a_reading_call_answer_29_or_31(acme: Shop) -> None:
    card = acme.card()
    for method, body in (
        ("updateBalance", usd(card, "redeem", 10)),
        ("search", {"filters": {"cardNumber": card}}),
        ("cardHistory", {"cardNumber": card}),
    ):
        reference = acme.post(method, body)["requestRef"]
        assert acme.post("voidTransaction", {"cardNumber": card, "requestRef": reference}).code in (29, 31)


def test_other_kinds_and_calls_that_moved_nothing_answer_31(acme: Shop) -> None:
    rack(acme, "A-1")
    allocated = acme.ok("allocate", {"cardNumber": "A-1"})["requestRef"]
    account = acme.ok("updateAccount", {"cardNumber": "A-1", "customCardNumber": "x"})["requestRef"]
    nothing = acme.redeem("A-1", 5, redeemMaxOnOverdraw=True)
    set_status(acme, "A-1", "Suspended")
    reactivated = acme.ok("reactivate", {"cardNumber": "A-1"})["requestRef"]
    suspended = history(acme, "A-1")[1]["requestRef"]
    for reference in (allocated, account, nothing, reactivated, suspended):
        void_refused(acme, 31, "A-1", reference)


def test_unknown_and_inactive_cards_answer_2_and_11(acme: Shop) -> None:
    card = acme.card()
    issued = acme.issue(card, 10)
    void_refused(acme, 2, "none", issued)
    set_status(acme, card, "Lost")
    void_refused(acme, 11, card, issued)


@pytest.mark.parametrize("body", [{}, {"cardNumber": "x"}, {"requestRef": "x"}, {"cardNumber": "x", "requestRef": ""}])
def test_required_fields_answer_6(acme: Shop, body: dict[str, Any]) -> None:
    refused(acme, 6, "voidTransaction", body)


def test_custom_request_date_in_the_future_or_in_a_closed_period_answers_9(acme: Shop) -> None:
    card = acme.card()
    issued = acme.issue(card, 10)
    close_books(acme, NOW - timedelta(days=10))
    void_refused(acme, 9, card, issued, customRequestDate=ahead(hours=1))
    void_refused(acme, 9, card, issued, customRequestDate="2024-01-01 00:00:00")


def test_the_void_and_the_voided_stand_in_the_history(acme: Shop) -> None:
    card = acme.card()
    issued = acme.issue(card, 10)
    voided = void(acme, card, issued)
    rows = history(acme, card)
    assert [(row["callType"], movements(row)) for row in rows[:2]] == [("VOID", [-10]), ("UPDATE_BALANCE", [10])]
    assert [row["requestRef"] for row in rows[:2]] == [voided, issued]
    assert acme.ok("requestLookup", {"requestRef": issued})["isVoided"] is True


# --- checkouts -------------------------------------------------------------------------------------------------------


def test_a_checkouts_payments_are_voided_with_it(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 50)
    referenced = acme.redeem(card, 10)
    bought = buy(acme, card, pay(20), {"updateBalanceRequestRef": referenced})
    assert acme.free(card) == 20
    void(acme, card, bought)
    assert acme.free(card) == 50
    assert history(acme, card)[0]["callType"] == "VOID_CHECKOUT"
    for reference in (bought, referenced):
        void_refused(acme, 30, card, reference)
        assert acme.ok("requestLookup", {"requestRef": reference})["isVoided"] is True


def test_a_checkout_that_moved_nothing_can_be_voided_once(acme: Shop) -> None:
    card = acme.card()
    bought = buy(acme, card)
    void(acme, card, bought)
    assert acme.ok("checkoutLookup", {"checkoutTransactionId": bought})["isVoided"] is True
    void_refused(acme, 30, card, bought)


def test_a_referenced_payment_may_be_voided_alone_and_a_later_void_leaves_it(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 50)
    referenced = acme.redeem(card, 10)
    bought = buy(acme, card, pay(20), {"updateBalanceRequestRef": referenced})
    void(acme, card, referenced)
    assert acme.free(card) == 30
    void(acme, card, bought)
    assert acme.free(card) == 50


def test_a_voided_checkout_frees_nothing_that_was_voided(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 50)
    referenced = acme.redeem(card, 10)
    void(acme, card, buy(acme, card, {"updateBalanceRequestRef": referenced}))
    body = {"cardNumber": card, "checkoutTotal": 10, "paymentMethods": [{"updateBalanceRequestRef": referenced}]}
    refused(acme, 30, "checkout", body)


def test_an_anonymous_checkout_belongs_to_no_card(acme: Shop) -> None:
    void_refused(acme, 29, acme.card(), buy(acme))


def test_another_cards_checkout_answers_29(acme: Shop) -> None:
    card, other = acme.card(), acme.card()
    void_refused(acme, 29, card, buy(acme, other))


def test_enrolment_and_customer_stay(acme: Shop) -> None:
    card = acme.card()
    bought = buy(acme, card)
    acme.ok("updateAccount", {"cardNumber": card, "countAsEnrollment": True, "customCardNumber": "mine"})
    void(acme, card, bought)
    found = acme.ok("search", {"filters": {"customCardNumber": "mine"}, "returnFields": {"isEnrolled": True}})
    assert found["cards"][0]["isEnrolled"] is True


def test_points_are_voided_like_money(acme: Shop) -> None:
    card = acme.card(card_set=acme.loyalty_set)
    reply = acme.ok("updateBalance", points(card, "issue", 7))
    void(acme, card, reply["requestRef"])
    assert acme.balances(card) == []
