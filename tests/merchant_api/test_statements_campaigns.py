"""How many statements a checkout takes when campaigns have much to ask and much to do: BEGIN and COMMIT counted."""

from typing import Any

import pytest

from apps.catalog.models import Category
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.segments.operations.create_segment import create_segment
from tests.campaigns.live import condition, percent, points, publish, result, rule, says
from tests.coupons.booklet import booklet, found_at_once
from tests.merchant_api.test_statements import counted
from tests.shop import Shop

MONTH = {"unit": "month", "count": 2}


def asks() -> list[dict[str, Any]]:
    """Conditions that together need all that can be read of a card; all of them are met."""
    return [
        condition("spent", minimum=0),
        condition("spent", minimum=0, window=MONTH),
        condition("visited", minimum=0, window=MONTH),
        condition("visited", minimum=0),
        condition("event_count", category="call", minimum=0, window=MONTH),
        condition("opted_in", by="email", negated=True),
        condition("customer_field", field="city", negated=True),
        condition("in_segment", segments=["vip"], negated=True),
        condition("brand_field", field="tier", negated=True),
        condition("basket_has", items={"categories": ["hats"]}, negated=True),
        condition("nth_checkout", n=1, every=True),
    ]


def does() -> list[dict[str, Any]]:
    """Results of several kinds."""
    said = [says("Hi {{firstName}}"), says("Hi", channel="webhook", url="https://example.com/x")]
    return [points(3), percent(1), *said]


@pytest.fixture
def card(acme: Shop) -> str:
    """A loyalty card, and rules that ask for everything and do a lot."""
    create_segment(brand=acme.brand, code="vip", name="VIP", now=acme.call().now)
    create_demographic_field(brand=acme.brand, code="tier", name="Tier", data_type="string")
    acme.ok("createEventType", {"categoryId": "call"})
    Category.objects.create(brand=acme.brand, code="hats", name="Hats")
    limits = [{"times": 9}, {"times": 90, "per": "brand"}]
    rules = [rule(*does(), when=asks(), throttles=limits) for _ in range(3)]
    budgets = [{"uuid": uuid, "measure": "uses", "cap": 99} for uuid in ("7c206e9c-0896-4957-b7df-1a694e39ff69",)]
    publish(acme, *rules, budgets=budgets)
    card = acme.card(card_set=acme.loyalty_set)
    acme.ok("checkout", {"checkoutTotal": 1})
    return card


def lines(count: int) -> list[dict[str, Any]]:
    """A basket."""
    return [{"sku": f"S{number}", "unitPrice": "9.99"} for number in range(count)]


@pytest.mark.parametrize("count", [1, 10, 100])
def test_a_checkout_takes_five_whatever_the_rules_and_lines(acme: Shop, card: str, count: int) -> None:
    body = {"cardNumber": card, "products": lines(count), "returnBalances": True, "returnBalanceMutations": True}
    assert counted(acme, "checkout", body | {"isSetup": True}) == 5
    assert counted(acme, "checkout", body) == 5
    answer = acme.ok("checkout", body)
    assert answer["responseMessages"] == ["Hi "] * 3
    assert answer["balances"][0]["amount"] == 18


def test_coupons_cost_one_more_however_many(acme: Shop, card: str) -> None:
    codes = ["T1", "T2"]
    booklet(acme, codes, code="ten")
    for code in codes:
        acme.ok("allocateCoupon", {"couponId": code})
    rules = [rule(percent(5), when=[condition("coupon_from", sets=["ten"])]) for _ in codes]
    publish(acme, *rules)
    acme.ok("checkout", {"checkoutTotal": 1})
    assert counted(acme, "checkout", {"cardNumber": card, "checkoutTotal": 50, "coupons": codes}) == 6


def test_a_coupon_given_costs_one_more(acme: Shop, card: str) -> None:
    found_at_once(booklet(acme, ["G1", "G2"], code="gifts"))
    publish(acme, rule(result("allocate_coupon", coupon_set="gifts")))
    acme.ok("checkout", {"checkoutTotal": 1})
    assert counted(acme, "checkout", {"cardNumber": card, "checkoutTotal": 5}) == 6
    assert acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 5})["issuedCouponIDs"] in (["G1"], ["G2"])
