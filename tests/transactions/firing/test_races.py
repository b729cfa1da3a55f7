"""Many checkouts at once that want the same budget, the same coupons, the same throttle, or other rules meanwhile."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client

from apps.campaigns.models import Budget
from tests.campaigns.live import condition, percent, points, publish, result, rule
from tests.coupons.booklet import booklet
from tests.shop import Reply, Shop

MANY = 16


@contextmanager
def running(count: int, work: Callable[[int], None]) -> Iterator[None]:
    """Do some work in so many threads, each with a connection of its own."""

    def one(number: int) -> None:
        try:
            work(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for each in threads:
        each.start()
    yield
    for each in threads:
        each.join()


def at_once(shop: Shop, bodies: list[dict[str, Any]]) -> list[Reply]:
    """Make these checkouts at the same moment."""
    gate, replies = threading.Barrier(len(bodies)), dict[int, Reply]()

    def work(number: int) -> None:
        gate.wait(60)
        replies[number] = replace(shop, client=Client()).post("checkout", bodies[number])

    with running(len(bodies), work):
        pass
    return [replies[number] for number in range(len(bodies))]


def baskets(shop: Shop, **more: Any) -> list[dict[str, Any]]:
    """Checkouts of 10 on cards of their own."""
    return [{"cardNumber": shop.card(card_set=shop.loyalty_set), "checkoutTotal": 10, **more} for _ in range(MANY)]


def test_budgets_and_throttles_for_all_cards_are_given_to_the_last_bit(acme: Shop) -> None:
    discounts, issued, uses, seldom = uuid4(), uuid4(), uuid4(), rule(points(1))
    seldom["throttles"] = [{"times": 5, "per": "brand", "window": {"unit": "week", "count": 2}}]
    caps = [
        {"uuid": discounts, "measure": "discount", "cap": 11},
        {"uuid": issued, "measure": "value", "value_type": "Points", "cap": 23},
    ]
    publish(acme, rule(percent(10)), rule(points(2)), seldom, budgets=caps)
    publish(acme, rule(points(2)), rule(points(1)), budgets=[{"uuid": uses, "measure": "uses", "cap": 21}])
    assert {reply.code for reply in at_once(acme, baskets(acme))} == {None}
    used = dict(Budget.objects.filter(brand=acme.brand).values_list("uuid", "used"))
    assert (used[discounts], used[uses], used[seldom["uuid"]]) == (11, 21, 5)
    assert used[issued] == 23


def test_the_last_coupons_of_two_sets_are_given_once(acme: Shop) -> None:
    booklet(acme, ["L1", "L2"], code="last")
    booklet(acme, ["M1"], code="more")
    last, more = (result("allocate_coupon", coupon_set=each) for each in ("last", "more"))
    publish(acme, rule(last, more), budgets=[{"uuid": uuid4(), "measure": "uses", "cap": 8}])
    publish(acme, rule({**more, "uuid": uuid4()}, {**last, "uuid": uuid4()}), priority=50)
    replies = at_once(acme, baskets(acme))
    assert {reply.code for reply in replies} == {None}
    assert sorted(each for reply in replies for each in reply["issuedCouponIDs"]) == ["L1", "L2", "M1"]


def test_a_coupon_is_used_by_one_of_many_checkouts(acme: Shop) -> None:
    booklet(acme, ["TEN"], code="ten")
    acme.ok("allocateCoupon", {"couponId": "TEN"})
    publish(acme, rule(percent(10), when=[condition("coupon_from", sets=["ten"])]))
    codes = [reply.code for reply in at_once(acme, baskets(acme, coupons=["TEN", "TEN"]))]
    assert codes.count(None) == 1 and codes.count(27) == MANY - 1


def test_a_card_fires_a_throttled_rule_as_often_as_it_may(acme: Shop) -> None:
    publish(acme, rule(percent(10), throttles=[{"times": 3, "window": {"unit": "day"}}]))
    replies = at_once(acme, [baskets(acme)[0]] * MANY)
    assert sum(reply["totalDiscount"] for reply in replies) == 3


def test_every_call_is_judged_by_the_rules_in_force(acme: Shop) -> None:
    campaign = publish(acme, rule(percent(10)))
    lowest, highest, wrong, over = [10], [10], [], threading.Event()

    def work(number: int) -> None:
        till = replace(acme, client=Client())
        while not over.is_set():
            least = lowest[0]
            given = till.ok("checkout", {"checkoutTotal": 100})["totalDiscount"]
            if not least <= given <= highest[0]:
                wrong.append((least, given, highest[0]))

    with running(4, work):
        for percentage in range(11, 26):
            highest[0] = percentage
            publish(acme, rule(percent(percentage)), campaign=campaign)
            lowest[0] = percentage
        over.set()
    assert wrong == []
