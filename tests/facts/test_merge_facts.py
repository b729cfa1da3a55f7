"""A card that was transferred has no facts: its successor has them."""

from datetime import timedelta

import pytest

from apps.facts.fragments import merge_facts, take_back_purchase
from apps.facts.models import Purchases, Visits
from apps.kernel.fragments import Fragment
from apps.kernel.ids import parse_id
from apps.ledger.fragments import voids
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import change
from tests.facts.told import NOTHING, bought, buy, products, rebuild, stored, visits, void, wallet, when, wrong
from tests.merchant_api.steady import NOW
from tests.shop import Shop, open_shop

START = NOW - timedelta(days=30)
_TRANSFER = """INSERT INTO cards_transfer (brand_id, source_wallet_id, out_operation_id, in_operation_id,
 target_wallet_id) VALUES (%(brand)s, %(source)s, %(by)s, %(by)s, %(target)s)"""


@pytest.fixture
def shop() -> Shop:
    """A brand whose books nobody verifies: transfers here move facts and no value."""
    return open_shop("acme")


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def card_with(shop: Shop, *moments: int, **basket: object) -> str:
    card = shop.card(**when(START - minutes(1)))
    for moment in moments:
        buy(shop, card, START + minutes(moment), **basket)
    return card


def write(shop: Shop, kind: CallType, *fragments: Fragment) -> None:
    call = shop.call()
    plan = Plan(answer=None, call_type=kind, occurred_at=call.now, fragments=fragments)
    change(call=call, lock=None, decide=lambda *_: plan)


def transfer(shop: Shop, source: str, target: str) -> None:
    """In one statement: the link and the facts."""
    ids = {"source": wallet(shop, source), "target": wallet(shop, target)}
    call = shop.call()
    link = Fragment("link", _TRANSFER, {"brand": shop.brand.pk, "by": call.id, **ids})
    moved = merge_facts(brand_id=shop.brand.pk, moves=[(ids["source"], ids["target"])])
    plan = Plan(answer=None, call_type=CallType.TRANSFER, occurred_at=call.now, fragments=[link, *moved])
    change(call=call, lock=None, decide=lambda *_: plan)


def test_all_facts_move(shop: Shop) -> None:
    old, new = card_with(shop, 0, 200, **products(("milk", 2))), card_with(shop)
    before = bought(shop, old)
    transfer(shop, old, new)
    assert (visits(shop, old), bought(shop, old)) == (0, NOTHING)
    assert (visits(shop, new), bought(shop, new)) == (2, before)
    assert wrong(shop) == []


def test_facts_of_both_are_added(shop: Shop) -> None:
    old, new = card_with(shop, 0, **products(("milk", 2))), card_with(shop, 300, **products(("milk", 1), ("eggs", 6)))
    transfer(shop, old, new)
    purchases, skus, places = bought(shop, new)
    assert [(code, count) for code, count, _ in purchases] == [("USD", 2)]
    assert skus == [("eggs", 6, 1), ("milk", 3, 2)]
    assert places == [(shop.location.pk, 2)]
    assert wrong(shop) == []


def test_visits_of_both_are_counted_over_all_their_moments(shop: Shop) -> None:
    old, new = card_with(shop, 0, 120, 1000), card_with(shop, 60, 2000)
    transfer(shop, old, new)
    assert visits(shop, new) == 3
    assert wrong(shop) == []


def test_a_card_without_facts_brings_none(shop: Shop) -> None:
    old, new = card_with(shop), card_with(shop)
    transfer(shop, old, new)
    assert not any(stored(shop).values())


def test_a_moment_that_comes_late_sees_the_old_cards_too(shop: Shop) -> None:
    oldest, old, new = card_with(shop, 0, 150), card_with(shop, 1000), card_with(shop, 2000)
    transfer(shop, oldest, old)
    transfer(shop, old, new)
    assert visits(shop, new) == 4
    buy(shop, new, START + minutes(75))
    assert visits(shop, new) == 3
    assert wrong(shop) == []


def test_the_void_of_an_old_cards_checkout_lowers_the_new_cards_facts(shop: Shop) -> None:
    old, new = card_with(shop, 100, **products(("milk", 2))), card_with(shop, 0, **products(("milk", 1)))
    late = parse_id(buy(shop, old, START + minutes(500), **products(("milk", 9))))
    assert late is not None
    transfer(shop, old, new)
    brand = {"brand_id": shop.brand.pk}
    gone = take_back_purchase(**brand, wallet_id=wallet(shop, new), checkout_id=late)
    write(shop, CallType.VOID_CHECKOUT, *gone, voids(**brand, operation_ids=[late], by=late, shortfall=None))
    assert bought(shop, new)[1] == [("milk", 3, 2)]
    assert wrong(shop) == []


def test_a_rebuild_gives_successors_what_is_theirs(shop: Shop) -> None:
    oldest, old, new = card_with(shop, 0, **products(("milk", 2))), card_with(shop, 60), card_with(shop, 400)
    transfer(shop, oldest, old)
    transfer(shop, old, new)
    before = stored(shop)
    Purchases.objects.filter(brand=shop.brand).delete()
    Visits.objects.create(brand=shop.brand, wallet_id=wallet(shop, oldest), visits=1, first_at=START, last_at=START)
    assert len(wrong(shop)) == 2
    assert rebuild(shop) == 2
    assert stored(shop) == before


# --- over the wire ---------------------------------------------------------------------------------------------------


def test_a_transfer_takes_the_facts_of_the_card_and_its_children_along(acme: Shop) -> None:
    old, new = card_with(acme, 0, **products(("milk", 2))), card_with(acme, 60)
    kid = {"childCardNumber": "kid"}
    acme.ok("allocateChildCard", {"cardNumber": old} | kid)
    paid = buy(acme, old, **kid, **products(("toys", 1)))
    acme.ok("transfer", {"cardNumber": old, "action": "out"})
    assert wrong(acme) == []
    acme.ok("transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old})
    assert (visits(acme, new), bought(acme, new)[1]) == (1, [("milk", 2, 1)])
    assert (visits(acme, new, "kid"), bought(acme, new, "kid")[1]) == (1, [("toys", 1, 1)])
    assert (visits(acme, old), visits(acme, old, "kid")) == (0, 0)
    void(acme, new, paid, **kid)
    assert bought(acme, new, "kid") == NOTHING
    assert wrong(acme) == []
    assert rebuild(acme) == 0
