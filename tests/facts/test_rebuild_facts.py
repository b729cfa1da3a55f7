"""The rebuild gives the same facts as the calls did, whatever happened and in whatever order."""

import threading
import time
from datetime import timedelta
from io import StringIO
from random import Random
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from apps.brands.models import Location
from apps.brands.operations.publish_config import publish_config
from apps.facts.models import PlaceCount, Purchases, SkuCount, Visits
from tests.facts.told import buy, expected, give_back, products, rebuild, stored, visits, void, wallet, when, wrong
from tests.merchant_api.steady import NOW
from tests.shop import Shop

START = NOW - timedelta(days=60)
HARBOUR = {"Location": "harbour", "Terminal": "till-9"}


class Life:
    """Random calls on two cards and a child of the first; many are dated back."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop, self.random = shop, Random(seed)
        Location.objects.filter(pk=shop.other_location.pk).update(currency="EUR")
        publish_config(brand_id=shop.brand.pk)
        self.cards = [shop.card(**when(START - timedelta(days=1))) for _ in range(2)]
        shop.ok("allocateChildCard", {"cardNumber": self.cards[0], "childCardNumber": "kid"})
        self.done: list[tuple[str, dict[str, str], str]] = []
        self.bought: list[tuple[str, dict[str, str], str]] = []

    def step(self) -> None:
        steps = [self.buy, self.buy, self.buy, self.update, self.back, self.back_of, self.undo, self.stranger]
        self.random.choice(steps)()

    def whose(self) -> tuple[str, dict[str, str]]:
        card = self.random.choice(self.cards)
        is_child = card == self.cards[0] and self.random.random() < 0.4
        return card, {"childCardNumber": "kid"} if is_child else {}

    def moment(self) -> dict[str, str]:
        minutes = self.random.randrange(0, 60 * 24, 15)
        return when(START + timedelta(minutes=minutes)) if self.random.random() < 0.8 else {}

    def buy(self) -> None:
        card, child = self.whose()
        lines = [(self.random.choice("abcd"), self.random.randint(1, 5)) for _ in range(self.random.randint(0, 4))]
        parent = {"useParentBalancesOnly": True} if child and self.random.random() < 0.5 else {}
        more = self.moment() | child | parent | products(*lines) | self.random.choice([{}, HARBOUR])
        reference = buy(self.shop, card, total=self.random.randint(5, 90), preDiscounts=[{"amount": 2}], **more)
        self.done.append((card, child, reference))
        self.bought.append((card, child, reference))

    def back(self) -> None:
        """Goods of an unknown checkout come back."""
        card, child = self.whose()
        self.done.append((card, child, give_back(self.shop, card, **child, **self.moment(), **self.goods())))

    def back_of(self) -> None:
        """Goods of a checkout come back; it can then only be voided after the return."""
        if self.bought:
            card, child, checkout = self.bought.pop(self.random.randrange(len(self.bought)))
            if (card, child, checkout) in self.done:
                self.done.remove((card, child, checkout))
                goods = self.goods() | {"failIfOverReturn": False}
                self.done.append((card, child, give_back(self.shop, card, checkout, **child, **goods)))

    def goods(self) -> dict[str, Any]:
        lines = [(self.random.choice("abcdef"), self.random.randint(1, 3)) for _ in range(self.random.randint(0, 2))]
        return {"returnedProducts": products(*lines)["products"], "additionalReturnAmount": self.random.randint(1, 5)}

    def update(self) -> None:
        card, child = self.whose()
        reference = self.shop.issue(card, 1, **child, **self.moment())
        self.done.append((card, child, reference))

    def undo(self) -> None:
        if self.done:
            card, child, reference = self.done.pop(self.random.randrange(len(self.done)))
            void(self.shop, card, reference, **child)

    def stranger(self) -> None:
        buy(self.shop, None, **self.moment(), **products(("a", 1)))


def spoil(shop: Shop) -> None:
    """Make all kinds of wrong rows: changed, missing, too many."""
    brand = {"brand": shop.brand}
    Visits.objects.filter(**brand).update(visits=99)
    Purchases.objects.filter(**brand).update(spend=-5)
    SkuCount.objects.filter(**brand, sku__in="ab").delete()
    for own in Visits.objects.filter(**brand).values_list("wallet_id", flat=True):
        PlaceCount.objects.create(**brand, wallet_id=own, location_id=987, checkouts=3)


@pytest.mark.parametrize("seed", range(6))
def test_a_rebuild_gives_what_the_calls_wrote(acme: Shop, seed: int) -> None:
    life = Life(acme, seed)
    for _ in range(40):
        life.step()
    before = stored(acme)
    assert before == expected(acme)
    assert wrong(acme) == []
    assert rebuild(acme) == 0
    spoil(acme)
    assert wrong(acme)
    assert rebuild(acme) > 0
    assert stored(acme) == before


def test_a_rebuild_makes_everything_out_of_nothing(acme: Shop) -> None:
    card = acme.card()
    buy(acme, card, **products(("milk", 2)))
    before = stored(acme)
    for model in (Visits, Purchases, SkuCount, PlaceCount):
        model.objects.filter(brand=acme.brand).delete()
    assert rebuild(acme) == 4
    assert stored(acme) == before


def test_a_rebuild_touches_no_other_brand(acme: Shop, charlie: Shop) -> None:
    for shop in (acme, charlie):
        buy(shop, shop.card(), **products(("milk", 2)))
        spoil(shop)
    before = stored(charlie)
    rebuild(acme)
    assert stored(charlie) == before
    assert stored(acme) == expected(acme)


def test_wrong_facts_never_stop_a_till(acme: Shop) -> None:
    card = acme.card(**when(START - timedelta(days=1)))
    own = {"brand": acme.brand, "wallet_id": wallet(acme, card)}
    first = buy(acme, card, START, **products(("milk", 2)))
    SkuCount.objects.filter(**own).delete()
    Visits.objects.filter(**own).update(first_at=START - timedelta(days=9), last_at=START + timedelta(days=9))
    buy(acme, card, START + timedelta(hours=5))
    void(acme, card, first)
    rebuild(acme)
    assert stored(acme) == expected(acme)


# --- beside calls ----------------------------------------------------------------------------------------------------


def test_calls_that_run_meanwhile_lose_nothing(acme: Shop) -> None:
    cards = [acme.card() for _ in range(3)]

    def till(seed: int) -> None:
        random = Random(seed)
        try:
            for _ in range(25):
                card = random.choice(cards)
                reference = buy(acme, card, **products((random.choice("ab"), 1)))
                if random.random() < 0.3:
                    void(acme, card, reference)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=till, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    rebuilt = 0
    while any(thread.is_alive() for thread in threads):
        assert rebuild(acme) == 0
        assert wrong(acme) == []
        rebuilt += 1
    assert rebuilt > 2
    assert stored(acme) == expected(acme)


def test_a_busy_card_is_waited_for(acme: Shop) -> None:
    buy(acme, acme.card())
    with psycopg.connect(connection.connection.info.dsn) as other:
        other.execute("SELECT 1 FROM ledger_wallet WHERE brand_id = %s FOR NO KEY UPDATE", [acme.brand.pk])
        late = threading.Timer(0.8, other.rollback)
        late.start()
        began = time.monotonic()
        assert rebuild(acme) == 0
        assert time.monotonic() - began > 0.7
        late.join()


# --- the command -----------------------------------------------------------------------------------------------------


def run(shop: Shop, **options: object) -> str:
    out = StringIO()
    call_command("rebuild_facts", brand=shop.brand.code, stdout=out, **options)
    return out.getvalue()


def test_the_check_says_what_differs_and_ends_with_1(acme: Shop) -> None:
    card = acme.card()
    buy(acme, card, total=10)
    assert run(acme, check=True, batch=1) == "1 cards, no differences.\n"
    Purchases.objects.filter(brand=acme.brand).update(spend=12)
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("rebuild_facts", brand=acme.brand.code, check=True, stdout=out)
    assert end.value.code == 1
    assert f"wallet {wallet(acme, card)}, facts_purchases USD: stored checkouts 1, spend 12," in out.getvalue()
    assert "history says checkouts 1, spend 10," in out.getvalue()
    assert run(acme) == "1 cards, 1 rows put right.\n"
    assert run(acme, check=True) == "1 cards, no differences.\n"


def test_one_card_can_be_rebuilt_alone(acme: Shop) -> None:
    one, other = acme.card(), acme.card()
    for card in (one, other):
        buy(acme, card)
    spoil(acme)
    run(acme, card=one)
    assert visits(acme, one) == 1
    assert visits(acme, other) == 99
    rebuild(acme)


@pytest.mark.parametrize("options", [{"brand": "nobody"}, {"card": "nothing"}, {"batch": 0}])
def test_nonsense_is_refused_by_name(acme: Shop, options: dict[str, object]) -> None:
    with pytest.raises(CommandError):
        call_command("rebuild_facts", **({"brand": acme.brand.code} | options))


def test_the_card_of_another_brand_is_unknown(acme: Shop, charlie: Shop) -> None:
    card = charlie.card()
    with pytest.raises(CommandError):
        run(acme, card=card)
