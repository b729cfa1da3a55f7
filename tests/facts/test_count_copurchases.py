"""What is bought together is counted once, whatever the order in which calls come and end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from itertools import permutations
from random import Random
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.checkouts.models import Checkout, Line
from apps.facts.models import CoPurchase, CoPurchaseMark
from apps.facts.operations import count_copurchases as module
from apps.facts.operations.count_copurchases import count_copurchases
from apps.facts.operations.forget_copurchases import forget_copurchases
from apps.facts.tasks import count_copurchases as task
from apps.kernel.db.hot import hot_cursor
from apps.kernel.ids import lowest_id
from apps.ledger.models import Void
from tests.facts.told import buy, products, void
from tests.merchant_api.steady import change_brand
from tests.shop import Shop


def basket(*skus: str, quantity: Any = 1) -> dict[str, Any]:
    return products(*((sku, quantity) for sku in skus))


def pairs(shop: Shop) -> dict[tuple[str, str], int]:
    """Each pair once; that it stands there both ways is checked."""
    rows = {
        (sku, other): checkouts
        for sku, other, checkouts in CoPurchase.objects.filter(brand=shop.brand).values_list(
            "sku", "other", "checkouts"
        )
    }
    assert rows == {(other, sku): checkouts for (sku, other), checkouts in rows.items()}
    return {pair: checkouts for pair, checkouts in rows.items() if pair[0] < pair[1]}


@pytest.fixture(autouse=True)
def in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls write in the millisecond in which they come in, so that nobody has to wait for ten minutes."""
    monkeypatch.setattr(module, "LATE", timedelta(0))


def count(shop: Shop, after: timedelta = timedelta(0), **more: Any) -> None:
    """Count as often as there is something to count."""
    while not count_copurchases(brand_id=shop.brand.pk, now=datetime.now(UTC) + after, **more).is_done:
        pass


def count_all(shop: Shop, after: timedelta = timedelta(0), **more: Any) -> None:
    """Count everything so far, once all that else goes on in this cluster has ended."""
    sleep(0.002)
    wanted = lowest_id(datetime.now(UTC))
    for _ in range(2000):
        count(shop, after, **more)
        if CoPurchaseMark.objects.get(brand=shop.brand).counted_to >= wanted:
            return
        sleep(0.005)
    raise AssertionError("a transaction stays open")


def counted(shop: Shop, after: timedelta = timedelta(0), **more: Any) -> dict[tuple[str, str], int]:
    """The pairs once everything so far is counted."""
    count_all(shop, after, **more)
    return pairs(shop)


def expected(shop: Shop) -> dict[tuple[str, str], int]:
    """The same in plain Python."""
    voided = set(Void.objects.filter(brand=shop.brand).values_list("operation_id", flat=True))
    found: dict[tuple[str, str], int] = {}
    for checkout in Checkout.objects.filter(brand=shop.brand).exclude(operation_id__in=voided):
        lines = Line.objects.filter(brand=shop.brand, operation_id=checkout.operation_id, quantity__gt=0)
        for pair in permutations(sorted(set(lines.values_list("sku", flat=True))), 2):
            if pair[0] < pair[1]:
                found[pair] = found.get(pair, 0) + 1
    return found


def test_pairs_of_a_basket_are_counted_once(acme: Shop) -> None:
    buy(acme, acme.card(), **basket("milk", "eggs", "milk", "flour"))
    buy(acme, None, **basket("milk", "eggs"))
    buy(acme, None, **basket("milk"))
    buy(acme, None)
    assert counted(acme) == {("eggs", "milk"): 2, ("eggs", "flour"): 1, ("flour", "milk"): 1}
    assert counted(acme) == expected(acme)


def test_what_was_not_taken_along_does_not_count(acme: Shop) -> None:
    buy(acme, None, **products(("milk", 1), ("eggs", 0), ("flour", Decimal("0.5"))))
    assert counted(acme) == {("flour", "milk"): 1}


def test_a_voided_checkout_is_taken_back_before_or_after_it_was_counted(acme: Shop) -> None:
    card = acme.card()
    early, late = (buy(acme, card, **basket("milk", "eggs")) for _ in range(2))
    buy(acme, card, **basket("milk", "eggs"))
    void(acme, card, early)
    assert counted(acme) == {("eggs", "milk"): 2}
    void(acme, card, late)
    assert counted(acme) == {("eggs", "milk"): 1}


def test_the_last_checkout_with_a_pair_takes_it_along(acme: Shop) -> None:
    card = acme.card()
    reference = buy(acme, card, **basket("milk", "eggs"))
    assert counted(acme) == {("eggs", "milk"): 1}
    void(acme, card, reference)
    assert counted(acme) == {}


def test_nothing_younger_than_ten_minutes_is_counted(acme: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    buy(acme, None, **basket("milk", "eggs"))
    for minutes in (0, 9, 9, 9):
        count(acme, timedelta(minutes=minutes))
    assert pairs(acme) == {}
    assert counted(acme, timedelta(minutes=11)) == {("eggs", "milk"): 1}


def test_small_batches_come_to_the_same(acme: Shop) -> None:
    random, card = Random(7), acme.card()
    made = [buy(acme, card, **basket(*random.sample("abcdefg", random.randint(1, 4)))) for _ in range(25)]
    for reference in random.sample(made[:12], 4):
        void(acme, card, reference)
    counted(acme, batch=3)
    for reference in random.sample(made[12:], 4):
        void(acme, card, reference)
    assert counted(acme, batch=3) == expected(acme)


def test_a_checkout_that_commits_late_is_not_missed(acme: Shop) -> None:
    """Its id is old, but its transaction ends only after a run that came later."""
    buy(acme, None, **basket("a", "b"))
    wrote, ends = Event(), Event()

    def open_transaction() -> None:
        try:
            cursor = hot_cursor()
            cursor.execute("BEGIN")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_current_xact_id()")
            wrote.set()
            assert ends.wait(30)
            cursor.execute("ROLLBACK")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(open_transaction)
        assert wrote.wait(30)
        try:
            count(acme)
            assert pairs(acme) == {}
        finally:
            ends.set()
        done.result()
    assert counted(acme) == {("a", "b"): 1}


def test_two_workers_do_not_count_the_same(acme: Shop) -> None:
    for _ in range(20):
        buy(acme, None, **basket("a", "b"))

    def work() -> None:
        try:
            for _ in range(30):
                count_copurchases(brand_id=acme.brand.pk, now=datetime.now(UTC), batch=2)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for worker in [pool.submit(work) for _ in range(4)]:
            worker.result()
    assert counted(acme) == {("a", "b"): 20}


def test_of_a_large_basket_the_first_fifty_count(acme: Shop) -> None:
    card, skus = acme.card(), [f"sku-{number:02}" for number in range(60)]
    reference = buy(acme, card, **basket(*skus))
    assert len(counted(acme)) == 50 * 49 / 2
    assert not CoPurchase.objects.filter(brand=acme.brand, sku="sku-50").exists()
    void(acme, card, reference)
    assert counted(acme) == {}


def test_only_the_most_frequent_pairs_of_a_product_are_kept(acme: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PAIRS", 2)
    for times, sku in enumerate(["a", "b", "c", "d", "e"], start=1):
        for _ in range(times):
            buy(acme, None, **basket("milk", sku))
    count_all(acme)
    rows = CoPurchase.objects.filter(brand=acme.brand, sku="milk").values_list("other", "checkouts")
    assert set(rows) == {("d", 4), ("e", 5)}


def test_a_sku_that_no_index_holds_is_left_out(acme: Shop) -> None:
    buy(acme, None, **basket("a", "b"))
    Line.objects.filter(brand=acme.brand, sku="a").update(sku="a" * 1001)
    assert counted(acme) == {}


def test_another_brands_checkouts_are_its_own(acme: Shop, charlie: Shop) -> None:
    buy(charlie, None, **basket("a", "b"))
    assert counted(acme) == {}
    assert counted(charlie) == {("a", "b"): 1}


def test_all_can_be_counted_anew(acme: Shop, charlie: Shop) -> None:
    for shop in (acme, charlie):
        buy(shop, None, **basket("a", "b"))
        assert counted(shop) == {("a", "b"): 1}
    forget_copurchases(brand_id=acme.brand.pk)
    assert (pairs(acme), pairs(charlie)) == ({}, {("a", "b"): 1})
    assert counted(acme) == {("a", "b"): 1}


# --- the task and the command ----------------------------------------------------------------------------------------


def test_the_task_counts_for_brands_with_the_feature(acme: Shop, charlie: Shop) -> None:
    change_brand(acme, features=["recommendations"])
    task(seconds=5)
    assert CoPurchaseMark.objects.filter(brand=acme.brand).exists()
    assert not CoPurchaseMark.objects.filter(brand=charlie.brand).exists()


def test_the_command_counts_for_any_brand(acme: Shop) -> None:
    buy(acme, None, **basket("a", "b"))
    assert counted(acme) == {("a", "b"): 1}
    CoPurchase.objects.filter(brand=acme.brand).update(checkouts=9)
    output = StringIO()
    call_command("count_copurchases", brand=acme.brand.code, stdout=output)
    assert pairs(acme) == {("a", "b"): 9}
    call_command("count_copurchases", "--rebuild", brand=acme.brand.code, stdout=output)
    assert counted(acme) == {("a", "b"): 1}
    assert output.getvalue().count("checkouts and voids counted.") == 2
    with pytest.raises(CommandError, match="no brand"):
        call_command("count_copurchases", brand="nobody")
