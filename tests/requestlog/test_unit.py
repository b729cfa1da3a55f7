"""The unit of work with real connections: twins, waits, deadlocks, and cards that change between lock and read."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from structlog.testing import capture_logs

from apps.cards.models import Card
from apps.kernel.db.hot import Cursor
from apps.ledger.models import Wallet
from apps.requestlog.core.call import ConcurrentCard
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.models import Key, Operation
from apps.requestlog.unit import ATTEMPTS, Lock, ReadAgain, change
from tests.merchant_api.steady import rack, state
from tests.shop import Reply, Shop, usd

WALLET = """SELECT w.id FROM ledger_wallet w WHERE w.brand_id = %(brand)s AND w.id = %(wallet)s AND {mine}
 FOR NO KEY UPDATE OF w"""


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(12) as pool:
        yield pool


def start(pool: ThreadPoolExecutor, call: Callable[[], Any], *, short: bool = False) -> "Future[Any]":
    """Run in a thread with a connection of its own; `short`: it waits for locks a quarter of a second only."""

    def run() -> Any:
        try:
            if short:
                with connection.cursor() as cursor:
                    cursor.execute("SET lock_timeout = '250ms'")
            return call()
        finally:
            connections.close_all()

    return pool.submit(run)


def post(pool: ThreadPoolExecutor, shop: Shop, body: dict[str, Any], *, short: bool = False, **headers: str) -> Any:
    return start(pool, lambda: shop.post("updateBalance", body, **headers), short=short)


def other_connection() -> "psycopg.Connection[Any]":
    connection.ensure_connection()
    facts = connection.get_connection_params()
    names = ("host", "port", "dbname", "user", "password")
    return psycopg.connect(**{name: facts[name] for name in names if facts.get(name)})


@contextmanager
def held_card(shop: Shop, number: str) -> Iterator[None]:
    """Somebody else holds the card's lock."""
    with other_connection() as other:
        other.execute(
            "SELECT 1 FROM ledger_wallet WHERE brand_id = %s AND id = %s FOR NO KEY UPDATE",
            [shop.brand.pk, Card.objects.get(brand=shop.brand, number=number).wallet_id],
        )
        yield


def wait_for_waiters(number: int) -> None:
    """Until so many connections to this database wait for a lock."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute(asked)
            if cursor.fetchone()[0] == number:
                return
            time.sleep(0.01)
    raise AssertionError(f"there are never {number} waiting connections")


def codes(*replies: "Future[Reply]") -> list[int | None]:
    return [each.result().code for each in replies]


# --- twins -----------------------------------------------------------------------------------------------------------


def test_twins_at_once_act_once(acme: Shop, pool: ThreadPoolExecutor) -> None:
    card = acme.card()
    with held_card(acme, card):
        first = post(pool, acme, usd(card, "issue", 5), customRequestId="one")
        wait_for_waiters(1)
        second = post(pool, acme, usd(card, "issue", 5), customRequestId="one")
        wait_for_waiters(2)
    assert codes(first, second) == [None, 3]
    assert second.result()["originalRequestRef"] == first.result()["requestRef"]
    assert acme.free(card) == 5


def test_twins_on_different_cards_act_once(acme: Shop, pool: ThreadPoolExecutor) -> None:
    card, other = acme.card(), acme.card()
    with held_card(acme, card):
        first = post(pool, acme, usd(card, "issue", 5), customRequestId="one")
        wait_for_waiters(1)
        second = post(pool, acme, usd(other, "issue", 5), customRequestId="one")
        wait_for_waiters(2)
    assert codes(first, second) == [None, 3]
    assert (acme.free(card), acme.free(other)) == (5, 0)


def test_the_twin_of_a_refused_call_runs(acme: Shop, pool: ThreadPoolExecutor) -> None:
    card, other = acme.card(), acme.card()
    with held_card(acme, card):
        first = post(pool, acme, usd(card, "redeem", 5), customRequestId="one")
        wait_for_waiters(1)
        second = post(pool, acme, usd(other, "issue", 5), customRequestId="one")
        wait_for_waiters(2)
    assert codes(first, second) == [13, None]
    assert acme.free(other) == 5
    assert str(Key.objects.get(brand=acme.brand).operation_id) == second.result()["requestRef"]


def test_a_waiting_twin_holds_no_card(acme: Shop, pool: ThreadPoolExecutor) -> None:
    card, other = acme.card(), acme.card()
    with held_card(acme, card):
        first = post(pool, acme, usd(card, "issue", 5), customRequestId="one")
        wait_for_waiters(1)
        second = post(pool, acme, usd(other, "issue", 5), customRequestId="one")
        wait_for_waiters(2)
        acme.issue(other, 1)
    assert codes(first, second) == [None, 3]


def test_a_reading_twin_waits_or_answers_3(acme: Shop, pool: ThreadPoolExecutor) -> None:
    card = acme.card()
    with held_card(acme, card):
        first = post(pool, acme, usd(card, "issue", 5), customRequestId="one")
        wait_for_waiters(1)
        second = start(pool, lambda: acme.post("search", {"filters": {}}, customRequestId="one"))
        wait_for_waiters(2)
    assert codes(first, second) == [None, 3]


def test_a_crowd_with_one_id_acts_once(acme: Shop, pool: ThreadPoolExecutor) -> None:
    cards, barrier = [acme.card() for _ in range(4)], Barrier(8)

    def one(number: int) -> Reply:
        barrier.wait()
        return acme.post("updateBalance", usd(cards[number % 4], "issue", 5), customRequestId="one")

    replies = [start(pool, lambda number=number: one(number)) for number in range(8)]
    assert sorted(code or 0 for code in codes(*replies)) == [0, 3, 3, 3, 3, 3, 3, 3]
    assert sum(acme.free(card) for card in cards) == 5


# --- waits -----------------------------------------------------------------------------------------------------------


def test_waiting_too_long_answers_4_and_with_an_id_28(acme: Shop, pool: ThreadPoolExecutor) -> None:
    card = acme.card()
    before = state(acme)
    with held_card(acme, card):
        plain = post(pool, acme, usd(card, "issue", 5), short=True)
        named = post(pool, acme, usd(card, "issue", 5), short=True, customRequestId="one")
        assert codes(plain, named) == [4, 28]
    assert state(acme) == before
    assert acme.post("updateBalance", usd(card, "issue", 5), customRequestId="one").status == 200


def test_waiting_too_long_for_a_twin_answers_28(acme: Shop, pool: ThreadPoolExecutor) -> None:
    card, other = acme.card(), acme.card()
    with held_card(acme, card):
        first = post(pool, acme, usd(card, "issue", 5), customRequestId="one")
        wait_for_waiters(1)
        assert codes(post(pool, acme, usd(other, "issue", 5), short=True, customRequestId="one")) == [28]
        reading = start(pool, lambda: acme.post("search", {"filters": {}}, customRequestId="one"), short=True)
        assert codes(reading) == [28]
    assert codes(first) == [None]
    assert (acme.free(card), acme.free(other)) == (5, 0)


def test_two_calls_on_one_card_go_one_after_the_other(acme: Shop, pool: ThreadPoolExecutor) -> None:
    card = acme.card()
    acme.issue(card, 5)
    with held_card(acme, card):
        calls = [post(pool, acme, usd(card, "redeem", 5)) for _ in range(3)]
        wait_for_waiters(3)
    assert sorted(code or 0 for code in codes(*calls)) == [0, 13, 13]


# --- deadlocks -------------------------------------------------------------------------------------------------------


def nothing(shop: Shop) -> Plan[str]:
    return Plan(answer="done", call_type=CallType.UPDATE_ACCOUNT, occurred_at=shop.call().now, fragments=[])


def test_a_deadlock_is_repeated_and_both_succeed(acme: Shop, pool: ThreadPoolExecutor) -> None:
    acme.card(), acme.card()
    one, two = Wallet.objects.filter(brand=acme.brand).values_list("id", flat=True)
    barrier = Barrier(2)

    def cross(first: int, second: int) -> str:
        attempts = []

        def decide(cursor: Cursor, _: frozenset[int]) -> Plan[str]:
            attempts.append(1)
            if len(attempts) == 1:
                barrier.wait()
            lock = WALLET.replace("{mine}", "true")
            cursor.execute(lock, {"brand": acme.brand.pk, "wallet": second})
            return nothing(acme)

        with connection.cursor() as cursor:
            cursor.execute("SET deadlock_timeout = '50ms'")
        change(call=acme.call(), lock=Lock(WALLET, {"wallet": first}), decide=decide)
        return str(len(attempts))

    before = Operation.objects.filter(brand=acme.brand).count()
    both = [start(pool, lambda: cross(one, two)), start(pool, lambda: cross(two, one))]
    # the one that is repeated may be quicker than the one that waits for it, and meet it once more
    assert max(each.result() for each in both) in ("2", "3")
    assert Operation.objects.filter(brand=acme.brand).count() == before + 2


def test_a_unit_that_never_fits_gives_up_with_4_and_writes_nothing(acme: Shop) -> None:
    tries = []

    def decide(_: Cursor, __: frozenset[int]) -> Plan[str]:
        tries.append(1)
        raise ReadAgain

    before = state(acme)
    with pytest.raises(ConcurrentCard):
        change(call=acme.call(custom_id="one"), lock=None, decide=decide)
    assert (len(tries), state(acme)) == (ATTEMPTS, before)


# --- what changes between lock and read ------------------------------------------------------------------------------


def test_a_card_activated_between_lock_and_read_is_read_again(acme: Shop, pool: ThreadPoolExecutor) -> None:
    """The twin's lock statement looked for the card before it was active, then waited for the key."""
    card, new = acme.card(), rack(acme, "new")
    with capture_logs() as logs:
        with held_card(acme, card):
            first = post(pool, acme, usd(card, "redeem", 5), customRequestId="one")
            wait_for_waiters(1)
            second = post(pool, acme, usd(new, "issue", 5), customRequestId="one")
            wait_for_waiters(2)
            acme.ok("allocate", {"cardNumber": new})
        assert codes(first, second) == [13, None]
    assert [each["reason"] for each in logs if each["event"] == "unit repeated"] == ["ReadAgain"]
    assert acme.free(new) == 5


def test_a_number_that_another_call_has_just_made_is_read_again(acme: Shop, pool: ThreadPoolExecutor) -> None:
    body = {"cardNumber": "new", "cardSetId": "gift-cards", "createIfNew": True}
    with other_connection() as other:
        other.execute(
            "INSERT INTO cards_card (brand_id, number, card_set_id, status, shuffle, is_demo)"
            " VALUES (%s, %s, %s, 1, 0, false)",
            [acme.brand.pk, "new", acme.gift_set.pk],
        )
        reply = start(pool, lambda: acme.post("allocate", body))
        wait_for_waiters(1)
    assert codes(reply) == [None]
    assert Card.objects.get(brand=acme.brand).status == 3


def test_create_if_new_of_one_number_by_many_makes_one_card(acme: Shop, pool: ThreadPoolExecutor) -> None:
    body = {"cardNumber": "new", "cardSetId": "gift-cards", "createIfNew": True}
    barrier = Barrier(6)

    def one() -> Reply:
        barrier.wait()
        return acme.post("allocate", body)

    replies = [start(pool, one) for _ in range(6)]
    assert sorted(code or 0 for code in codes(*replies)) == [0, 9, 9, 9, 9, 9]
    assert (Card.objects.filter(brand=acme.brand).count(), Wallet.objects.filter(brand=acme.brand).count()) == (1, 1)


def test_a_broken_connection_heals_with_the_next_call(acme: Shop) -> None:
    card = acme.card()
    pid = connection.connection.info.backend_pid
    with other_connection() as other:
        other.execute("SELECT pg_terminate_backend(%s, 2000)", [pid])
    assert acme.post("updateBalance", usd(card, "issue", 5), customRequestId="one").code in (None, 1)
    acme.post("updateBalance", usd(card, "issue", 5), customRequestId="one")
    assert acme.free(card) == 5
