"""Customers are scored against each other, by what they bought of late."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from apps.facts.core.score import InvalidTerms, Terms, Weights
from apps.facts.models import Score
from apps.facts.operations import score_customers as module
from apps.facts.operations.score_customers import Scored, score_customers
from apps.facts.operations.set_scoring import set_scoring
from apps.facts.tasks import score_customers as task
from apps.ledger.models import Wallet
from tests.facts.told import buy, void, wallet
from tests.merchant_api.steady import NOW, set_status
from tests.shop import Shop

LATER = NOW + timedelta(hours=1)


def ago(days: int) -> Any:
    return NOW - timedelta(days=days)


def buyers(shop: Shop, count: int = 5) -> list[str]:
    """Cards of which each bought later, and for more, than the one before."""
    cards = [old_card(shop) for _ in range(count)]
    for number, card in enumerate(cards):
        buy(shop, card, ago(100 - number), total=10 + number)
    return cards


def old_card(shop: Shop) -> str:
    return shop.card(customRequestDate=(NOW - timedelta(days=2000)).strftime("%Y-%m-%d %H:%M:%S"))


def score(shop: Shop) -> Scored:
    return score_customers(brand=shop.brand, now=NOW)


def scores(shop: Shop, *cards: str) -> list[Any]:
    """Recency, frequency, monetary and total of each card; None for those without a score."""
    found = {
        row[0]: tuple(row[1:])
        for row in Score.objects.filter(brand=shop.brand).values_list(
            "wallet_id", "recency", "frequency", "monetary", "total"
        )
    }
    return [found.get(wallet(shop, card)) for card in cards]


def test_each_part_follows_the_rank(acme: Shop) -> None:
    cards = buyers(acme)
    assert score(acme) == Scored(5, 0)
    assert scores(acme, *cards) == [
        (n, 3, n, total) for n, total in zip(range(1, 6), (17, 33, 50, 67, 83), strict=True)
    ]


def test_of_fewer_than_five_nobody_has_a_score(acme: Shop) -> None:
    *four, fifth = buyers(acme)
    reference = buy(acme, four[0], ago(1))
    score(acme)
    set_scoring(brand=acme.brand, terms=Terms(window_days=97))
    assert score(acme) == Scored(0, 0)
    assert not Score.objects.filter(brand=acme.brand).exists()
    assert reference and fifth


def test_who_bought_nothing_of_late_is_inactive(acme: Shop) -> None:
    never, before = acme.card(), old_card(acme)
    buy(acme, before, ago(400))
    cards = buyers(acme)
    assert score(acme) == Scored(5, 1)
    assert scores(acme, never, before) == [None, (1, 1, 1, 0)]
    assert all(total > 0 for *_, total in scores(acme, *cards))


def test_frequency_counts_checkouts(acme: Shop) -> None:
    cards = buyers(acme)
    for _ in range(2):
        buy(acme, cards[0], ago(150), total=1)
    score(acme)
    assert [frequency for _, frequency, _, _ in scores(acme, *cards)] == [5, Decimal("2.5"), *[Decimal("2.5")] * 3]


def test_voided_checkouts_and_other_currencies_do_not_count(acme: Shop) -> None:
    cards = buyers(acme)
    void(acme, cards[0], buy(acme, cards[0], ago(1), total=1000))
    score(acme)
    assert scores(acme, cards[0]) == [(1, 3, 1, 17)]


def test_returned_goods_are_less_money(acme: Shop) -> None:
    cards = buyers(acme)
    reference = buy(acme, cards[4], ago(90), total=1000, products=[{"sku": "HAT", "unitPrice": 1000}])
    score(acme)
    assert scores(acme, cards[4])[0][2] == 5
    goods = [{"sku": "HAT", "amountPurchased": 1, "unitPrice": 1000}]
    body = {"cardNumber": cards[4], "checkoutRequestRef": reference, "returnedProducts": goods}
    returned = acme.ok("returnMerchandise", body)["requestRef"]
    buy(acme, cards[0], ago(90), total=50)
    score_customers(brand=acme.brand, now=LATER)
    assert [monetary for _, _, monetary, _ in scores(acme, *cards)] == [5, 1, 2, 3, 4]
    void(acme, cards[4], returned)
    score_customers(brand=acme.brand, now=LATER)
    assert [monetary for _, _, monetary, _ in scores(acme, *cards)] == [4, 1, 2, 3, 5]


def test_a_demo_card_is_left_out(acme: Shop) -> None:
    cards = buyers(acme, 6)
    Wallet.objects.filter(brand=acme.brand, id=wallet(acme, cards[0])).update(is_demo=True)
    assert score(acme) == Scored(5, 0)
    assert scores(acme, *cards[:2]) == [None, (1, 3, 1, 17)]
    Wallet.objects.filter(brand=acme.brand, id=wallet(acme, cards[0])).update(is_demo=False)


def test_an_inactive_card_keeps_its_score(acme: Shop) -> None:
    cards = buyers(acme)
    set_status(acme, cards[4], "Lost")
    assert score(acme) == Scored(5, 0)


def test_the_successor_has_the_score_of_a_transferred_card(acme: Shop) -> None:
    cards, new = buyers(acme), acme.card()
    score(acme)
    acme.ok("transfer", {"cardNumber": cards[4], "action": "out"})
    acme.ok("transfer", {"cardNumber": new, "action": "in", "oldCardNumber": cards[4]})
    assert scores(acme, cards[4], new) == [None, None]
    score(acme)
    assert scores(acme, cards[4], new) == [None, (5, 3, 5, 83)]


def test_the_brands_terms_count(acme: Shop) -> None:
    cards = buyers(acme)
    set_scoring(brand=acme.brand, terms=Terms(Weights(Decimal(0), Decimal(1), Decimal(0))))
    score(acme)
    assert {total for *_, total in scores(acme, *cards)} == {50}
    set_scoring(brand=acme.brand, terms=Terms(), is_active=False)
    assert score(acme) == Scored(0, 0)
    assert scores(acme, cards[0]) == [None]
    with pytest.raises(InvalidTerms):
        set_scoring(brand=acme.brand, terms=Terms(window_days=0))
    assert apps.get_model("facts", "ScoringEvent").objects.filter(brand=acme.brand).count() == 2


def test_small_batches_come_to_the_same_and_a_second_time_changes_nothing(
    acme: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = buyers(acme)
    score(acme)
    before = scores(acme, *cards)
    void(acme, cards[0], buy(acme, cards[0], ago(1)))
    monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(module, "_ROWS", 2)
    score_customers(brand=acme.brand, now=NOW + timedelta(hours=1))
    assert scores(acme, *cards) == before
    assert set(Score.objects.filter(brand=acme.brand).values_list("scored_at", flat=True)) == {NOW}


def test_another_brands_customers_are_not_compared(acme: Shop, charlie: Shop) -> None:
    cards = buyers(acme)
    buyers(charlie, 9)
    score(charlie)
    assert scores(acme, *cards) == [None] * 5
    score(acme)
    assert [recency for recency, *_ in scores(acme, *cards)] == [1, 2, 3, 4, 5]


def test_task_and_command_score(acme: Shop) -> None:
    cards, output = buyers(acme), StringIO()
    task()
    assert None not in scores(acme, *cards)
    call_command("score_customers", brand=acme.brand.code, stdout=output)
    assert output.getvalue() == "5 customers scored, 0 inactive.\n"
    with pytest.raises(CommandError, match="no brand"):
        call_command("score_customers", brand="nobody")
