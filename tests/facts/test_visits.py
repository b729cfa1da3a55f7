"""How often the holder came: 90 minutes apart is another visit, in whatever order the moments arrive."""

from datetime import timedelta
from itertools import permutations

import pytest

from tests.facts.told import buy, count_visits, stored, visits, void, when
from tests.merchant_api.steady import NOW, refused
from tests.shop import Shop, usd

START = NOW - timedelta(days=30)


def at(minutes: float) -> timedelta:
    return timedelta(minutes=minutes)


@pytest.fixture
def card(acme: Shop) -> str:
    return acme.card(**when(START - at(1)))


def test_a_new_card_was_never_there(acme: Shop, card: str) -> None:
    assert visits(acme, card) == 0


@pytest.mark.parametrize(("minutes", "count"), [(0, 1), (89, 1), (90, 2), (91, 2)])
def test_ninety_minutes_later_is_another_visit(acme: Shop, card: str, minutes: int, count: int) -> None:
    buy(acme, card, START)
    buy(acme, card, START + at(minutes))
    assert visits(acme, card) == count


def test_balance_changes_are_visits_too(acme: Shop, card: str) -> None:
    acme.issue(card, 5, **when(START))
    hold = acme.hold(card, 2, **when(START + at(100)))
    acme.redeem(card, 2, redeemFromHoldTransactionId=hold, **when(START + at(200)))
    assert visits(acme, card) == 3


def test_account_changes_and_voids_are_none(acme: Shop, card: str) -> None:
    paid = acme.issue(card, 5, **when(START))
    acme.ok("updateAccount", {"cardNumber": card, "customCardNumber": "x"} | when(START + at(200)))
    void(acme, card, paid, **when(START + at(400)))
    assert visits(acme, card) == 1


def test_a_voided_visit_was_one(acme: Shop, card: str) -> None:
    void(acme, card, buy(acme, card, START))
    assert visits(acme, card) == 1


@pytest.mark.parametrize("order", list(permutations([0, 60, 150, 240])))
def test_the_order_of_arrival_does_not_matter(acme: Shop, card: str, order: tuple[int, ...]) -> None:
    moments = [START + at(minutes) for minutes in order]
    for number, moment in enumerate(moments, 1):
        buy(acme, card, moment)
        assert visits(acme, card) == count_visits(moments[:number])


def test_a_late_import_bridges_two_visits(acme: Shop, card: str) -> None:
    buy(acme, card, START)
    buy(acme, card, START + at(120))
    buy(acme, card, START + at(60))
    assert visits(acme, card) == 1


def test_a_refused_call_is_no_visit(acme: Shop, card: str) -> None:
    refused(acme, 13, "updateBalance", usd(card, "redeem", 5))
    assert visits(acme, card) == 0


def test_an_anonymous_checkout_is_nobodys(acme: Shop) -> None:
    buy(acme, None, START)
    assert not any(stored(acme).values())
