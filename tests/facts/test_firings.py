"""Firings: written with the call, taken back by a void, handed over by a transfer."""

from uuid import UUID, uuid4

import pytest

from apps.facts.fragments import fire, merge_facts, take_back_firings
from apps.facts.models import Firing
from apps.kernel.fragments import Fragment
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import change
from tests.facts.told import wallet
from tests.merchant_api.steady import NOW
from tests.shop import Shop, open_shop

RULE, OTHER = uuid4(), uuid4()
DAY = NOW.date()


@pytest.fixture
def shop() -> Shop:
    """A brand whose books nobody verifies: no campaign fires here."""
    return open_shop("acme")


def write(call: Call, fragments: list[Fragment]) -> UUID:
    plan = Plan(answer=None, call_type=CallType.CHECKOUT_COMPLETE, occurred_at=call.now, fragments=fragments)
    change(call=call, lock=None, decide=lambda *_: plan)
    return call.id


def fired(shop: Shop, card: str, firings: dict[UUID, int]) -> UUID:
    call = shop.call()
    head = {"brand_id": shop.brand.pk, "wallet_id": wallet(shop, card), "operation_id": call.id, "on_date": DAY}
    return write(call, fire(firings=firings, **head))


def known(shop: Shop, card: str) -> list[tuple[UUID, UUID, int, bool]]:
    found = Firing.objects.filter(brand=shop.brand, wallet_id=wallet(shop, card)).order_by("operation_id", "times")
    return list(found.values_list("rule_uuid", "operation_id", "times", "undone"))


def transfer(shop: Shop, source: str, target: str) -> None:
    moves = [(wallet(shop, source), wallet(shop, target))]
    write(shop.call(), merge_facts(brand_id=shop.brand.pk, moves=moves))


def test_rules_that_fired_are_known(shop: Shop) -> None:
    card = shop.card()
    operation = fired(shop, card, {RULE: 1, OTHER: 3})
    assert known(shop, card) == [(RULE, operation, 1, False), (OTHER, operation, 3, False)]
    assert set(Firing.objects.filter(brand=shop.brand).values_list("on_date", flat=True)) == {DAY}


def test_nothing_fired_is_nothing_written(shop: Shop) -> None:
    card = shop.card()
    fired(shop, card, {})
    assert known(shop, card) == []


def test_a_void_takes_back_its_calls_firings_only(shop: Shop, charlie: Shop) -> None:
    card = shop.card()
    first, second = fired(shop, card, {RULE: 1}), fired(shop, card, {RULE: 2})
    write(charlie.call(), [take_back_firings(brand_id=charlie.brand.pk, operation_ids=[first])])
    write(shop.call(), [take_back_firings(brand_id=shop.brand.pk, operation_ids=[second])])
    assert known(shop, card) == [(RULE, first, 1, False), (RULE, second, 2, True)]


def test_a_transfer_hands_firings_over(shop: Shop) -> None:
    old, new = shop.card(), shop.card()
    first, second = fired(shop, old, {RULE: 1}), fired(shop, new, {RULE: 2})
    write(shop.call(), [take_back_firings(brand_id=shop.brand.pk, operation_ids=[first])])
    transfer(shop, old, new)
    assert (known(shop, old), known(shop, new)) == ([], [(RULE, first, 1, True), (RULE, second, 2, False)])


def test_both_cards_of_one_operation_are_added(shop: Shop) -> None:
    old, new = shop.card(), shop.card()
    operation = fired(shop, new, {RULE: 2})
    Firing.objects.create(
        brand=shop.brand, wallet_id=wallet(shop, old), rule_uuid=RULE, operation_id=operation, on_date=DAY, times=1
    )
    transfer(shop, old, new)
    assert known(shop, new) == [(RULE, operation, 3, False)]
