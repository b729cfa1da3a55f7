"""Holds by updateBalance: what they take, keep, give back, and when they end."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.programs.operations.create_value_type import create_value_type
from tests.merchant_api.methods.test_update_balance import old_card
from tests.merchant_api.steady import ahead, change_brand, history, movements, refused
from tests.shop import Shop, usd


def from_hold(shop: Shop, card: str, hold: str, amount: Any, **more: Any) -> str:
    return shop.redeem(card, amount, redeemFromHoldTransactionId=hold, **more)


def test_a_hold_is_shown_by_its_transaction_id(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    reply = acme.ok("updateBalance", usd(card, "hold", "2.50", returnBalances=True))
    usd_2 = {"balanceType": "Currency", "balanceCode": "USD", "scale": 2}
    assert reply["balances"] == [
        usd_2 | {"amount": Decimal("7.50"), "isHold": False},
        usd_2 | {"amount": Decimal("2.50"), "isHold": True, "holdingTransactionId": reply["transactionId"]},
    ]


def test_held_value_cannot_be_spent_without_naming_the_hold(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    acme.hold(card, 8)
    refused(acme, 13, "updateBalance", usd(card, "redeem", "2.01"))
    refused(acme, 13, "updateBalance", usd(card, "hold", "2.01"))


def test_a_hold_is_redeemed_several_times_until_it_runs_out(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    hold = acme.hold(card, 10)
    for _ in range(2):
        from_hold(acme, card, hold, 5)
    assert acme.balances(card) == []
    refused(acme, 8, "updateBalance", usd(card, "redeem", 1, redeemFromHoldTransactionId=hold))


def test_more_than_the_hold_keeps_takes_the_rest_from_free_value(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 20)
    hold = acme.hold(card, 5)
    from_hold(acme, card, hold, 8)
    assert (acme.free(card), acme.held(card)) == (12, {})


def test_more_than_hold_and_free_value_together_answers_13(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 20)
    hold = acme.hold(card, 5)
    refused(acme, 13, "updateBalance", usd(card, "redeem", "20.01", redeemFromHoldTransactionId=hold))
    other = acme.hold(card, 10)
    refused(acme, 13, "updateBalance", usd(card, "redeem", "10.01", redeemFromHoldTransactionId=hold))
    assert acme.held(card) == {hold: 5, other: 10}


def test_overdraw_from_a_hold_takes_all_there_is(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 20)
    hold = acme.hold(card, 5)
    body = usd(card, "redeem", 30, redeemFromHoldTransactionId=hold, redeemMaxOnOverdraw=True)
    assert acme.ok("updateBalance", body)["overdrawAmount"] == 10
    assert acme.balances(card) == []


def test_the_remainder_is_released_when_asked_for(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    hold = acme.hold(card, 10)
    from_hold(acme, card, hold, 3, releaseHoldRemainder=True)
    assert (acme.free(card), acme.held(card)) == (7, {})
    refused(acme, 8, "updateBalance", usd(card, "redeem", 1, redeemFromHoldTransactionId=hold))


@pytest.mark.parametrize("zero", [0, "0.0", "0"])
def test_amount_zero_with_release_cancels_the_hold(acme: Shop, zero: Any) -> None:
    card = acme.card()
    acme.issue(card, 10)
    from_hold(acme, card, acme.hold(card, 10), zero, releaseHoldRemainder=True)
    assert (acme.free(card), acme.held(card)) == (10, {})


@pytest.mark.parametrize(
    "more",
    [
        {"amount": 0},
        {"amount": 0, "releaseHoldRemainder": False},
        {"amount": 1, "action": "issue"},
        {"amount": 1, "action": "hold"},
        {"amount": 1, "isAccountingAdjustment": True},
        {"amount": -1, "isAccountingAdjustment": True},
    ],
)
def test_other_uses_of_a_hold_answer_9(acme: Shop, more: dict[str, Any]) -> None:
    card = acme.card()
    acme.issue(card, 10)
    hold, facts = acme.hold(card, 5), dict(more)
    body = usd(card, facts.pop("action", "redeem"), facts.pop("amount"), redeemFromHoldTransactionId=hold)
    refused(acme, 9, "updateBalance", body | facts)


def test_release_without_a_hold_answers_9(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    refused(acme, 9, "updateBalance", usd(card, "redeem", 1, releaseHoldRemainder=True))
    refused(acme, 9, "updateBalance", usd(card, "redeem", 0, releaseHoldRemainder=True))


@pytest.mark.parametrize("reference", ["00000000-0000-4000-8000-000000000000", "no-uuid", "5500112233", "x" * 5000])
def test_an_unknown_hold_answers_8(acme: Shop, reference: str) -> None:
    card = acme.card()
    acme.issue(card, 10)
    refused(acme, 8, "updateBalance", usd(card, "redeem", 1, redeemFromHoldTransactionId=reference))


def test_another_cards_hold_answers_8(acme: Shop) -> None:
    card, other = acme.card(), acme.card()
    for each in (card, other):
        acme.issue(each, 10)
    hold = acme.hold(other, 5)
    refused(acme, 8, "updateBalance", usd(card, "redeem", 1, redeemFromHoldTransactionId=hold))
    assert acme.held(other) == {hold: 5}


def test_a_call_that_was_no_hold_answers_8(acme: Shop) -> None:
    card = acme.card()
    reference = acme.issue(card, 10)
    refused(acme, 8, "updateBalance", usd(card, "redeem", 1, redeemFromHoldTransactionId=reference))


def test_another_value_type_answers_9(acme: Shop) -> None:
    create_value_type(brand=acme.brand, program=acme.gift, balance_type="Punches", scale=0)
    card = acme.card()
    acme.issue(card, 10)
    body = usd(card, "redeem", 1, redeemFromHoldTransactionId=acme.hold(card, 5))
    refused(acme, 9, "updateBalance", body | {"amount": {"balanceType": "Punches", "amount": 1}})


def test_a_hold_follows_the_spending_order_and_remembers_its_lots(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 4)
    acme.issue(card, 3, issuedBalanceExpiration=ahead(days=9))
    acme.issue(card, 2, isReturnRelated=True)
    hold = acme.hold(card, 6)
    acme.redeem(card, 0, redeemFromHoldTransactionId=hold, releaseHoldRemainder=True)
    acme.redeem(card, 5)
    body = {"filters": {"cardNumber": card}, "returnFields": {"balances": True}}
    assert acme.ok("search", body)["cards"][0]["balances"][0]["amount"] == 4
    assert acme.issue(card, 1, issuedBalanceExpiration=ahead(days=9))


def test_held_value_outlives_the_expiry_of_its_lots(acme: Shop) -> None:
    card = old_card(acme)
    acme.issue(card, 10, issuedBalanceExpiration="2024-02-01 00:00:00", customRequestDate="2024-01-02 00:00:00")
    hold = acme.hold(card, 6, customRequestDate="2024-01-03 00:00:00")
    assert (acme.free(card), acme.held(card)) == (0, {hold: 6})
    from_hold(acme, card, hold, 2)
    assert acme.held(card) == {hold: 4}


def test_value_released_after_its_expiry_expires_at_once(acme: Shop) -> None:
    card = old_card(acme)
    acme.issue(card, 10, issuedBalanceExpiration="2024-02-01 00:00:00", customRequestDate="2024-01-02 00:00:00")
    hold = acme.hold(card, 6, customRequestDate="2024-01-03 00:00:00")
    from_hold(acme, card, hold, 2, releaseHoldRemainder=True)
    assert acme.balances(card) == []
    assert sum(amount for row in history(acme, card) for amount in movements(row)) == 0


def test_holds_have_no_lifetime_unless_the_brand_sets_one(acme: Shop) -> None:
    card = old_card(acme)
    acme.issue(card, 10, customRequestDate="2024-01-02 00:00:00")
    kept = acme.hold(card, 1, customRequestDate="2024-01-02 00:00:00")
    change_brand(acme, hold_lifetime=timedelta(hours=1))
    lapsed = acme.hold(card, 2, customRequestDate="2024-01-03 00:00:00")
    assert (acme.free(card), acme.held(card)) == (9, {kept: 1})
    refused(acme, 8, "updateBalance", usd(card, "redeem", 1, redeemFromHoldTransactionId=lapsed))
    assert acme.hold(card, 9)


def test_a_hold_lapses_at_its_moment_and_not_before(acme: Shop) -> None:
    change_brand(acme, hold_lifetime=timedelta(hours=1))
    card = old_card(acme)
    acme.issue(card, 10, customRequestDate="2024-01-02 00:00:00")
    hold = acme.hold(card, 10, customRequestDate="2024-01-03 00:00:00")
    from_hold(acme, card, hold, 4, customRequestDate="2024-01-03 00:59:59")
    acme.redeem(card, 6, customRequestDate="2024-01-03 01:00:00")
    assert acme.balances(card) == []


def test_a_hold_of_nothing_at_all_answers_13(acme: Shop) -> None:
    refused(acme, 13, "updateBalance", usd(acme.card(), "hold", 1))


def test_a_hold_is_one_row_of_history_with_zero_and_its_redemption_the_full_amount(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    from_hold(acme, card, acme.hold(card, 6), 4, releaseHoldRemainder=True)
    assert [movements(row) for row in history(acme, card)] == [[-4], [0], [10], []]


def test_split_a_hold_moves_from_regular_to_held(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    from_hold(acme, card, acme.hold(card, 6), 4)
    rows = history(acme, card, splitHoldMutations=True)
    held = [[each["amount"] for each in row.get("holdBalanceUpdates", [])] for row in rows]
    assert [movements(row) for row in rows] == [[], [-6], [10], []]
    assert held == [[-4], [6], [], []]
