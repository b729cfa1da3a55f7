"""triggerReferRewards over the wire."""

from typing import Any

import pytest

from tests.campaigns.live import condition, points, publish, rule
from tests.merchant_api.steady import refused, set_status
from tests.merchant_api.test_statements import counted
from tests.merchant_api.triggers import member, points_of
from tests.shop import Shop
from tests.transactions.locks import lock

METHOD = "triggerReferRewards"


@pytest.fixture
def card(acme: Shop) -> str:
    """A member; 50 points for referred sales of 100 and more, 5 more for three checkouts."""
    big = condition("referred_sales", minimum_total=100)
    many = condition("referred_sales", minimum_count=3)
    publish(
        acme,
        rule(points(50), when=[big], trigger="referral_period"),
        rule(points(5), when=[many], trigger="referral_period"),
    )
    return member(acme)


def period(card: str, total: Any, count: Any) -> dict[str, Any]:
    return {"cardNumber": card, "checkoutTotalSum": total, "checkoutCount": count}


@pytest.mark.parametrize(
    ("total", "count", "given"), [(0, 0, 0), ("99.99", 2, 0), ("100.00", 1, 50), (10, 3, 5), (250.5, 7, 55)]
)
def test_rewards_follow_from_what_referred_customers_bought(
    acme: Shop, card: str, total: Any, count: int, given: int
) -> None:
    acme.ok(METHOD, period(card, total, count))
    assert points_of(acme, card) == given


def test_each_call_is_a_period(acme: Shop, card: str) -> None:
    for _ in range(2):
        acme.ok(METHOD, period(card, 100, 1))
    assert points_of(acme, card) == 100


def test_refusals(acme: Shop, charlie: Shop, card: str) -> None:
    refused(acme, 2, METHOD, period("nobody", 1, 1))
    refused(charlie, 2, METHOD, period(card, 1, 1))
    for total, count, code in ((-1, 1, 9), (1, -1, 9), (10**12, 1, 9), (1, 2**63, 9), ("x", 1, 6), (1, 1.5, 6)):
        refused(acme, code, METHOD, period(card, total, count))
    for name in ("cardNumber", "checkoutTotalSum", "checkoutCount"):
        refused(acme, 6, METHOD, period(card, 1, 1) | {name: None})
    lost = member(acme)
    set_status(acme, lost, "Stolen")
    refused(acme, 11, METHOD, period(lost, 100, 3))
    lock(acme, card)
    refused(acme, 14, METHOD, period(card, 100, 3))


def test_it_takes_five_statements(acme: Shop, card: str) -> None:
    acme.ok(METHOD, period(card, 100, 1))
    assert counted(acme, METHOD, period(card, 100, 3)) == 5
