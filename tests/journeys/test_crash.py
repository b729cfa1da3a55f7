"""kill -9 of everything that a call goes through, in the middle of a thousand calls that insist on being answered.

The servers are this module's own and durable. What `make run` does about a dead process, the tests do here.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from celery import Celery
from django.db import connection

from apps.kernel.db.hot import hot_cursor
from apps.kernel.moments import format_moment
from apps.ledger.core.kinds import EntryKind
from apps.ledger.queries.due_wallets import due_wallets
from clutch_portal.embedded import ThrowawayServers
from clutch_portal.embedded.processes import wait_until
from tests.journeys.storm.journal import differences
from tests.journeys.storm.server import (
    THREADS,
    WORKERS,
    Product,
    environment_of,
    folder_for_logs,
    own_servers,
    product,
    wait_for_worker,
)
from tests.journeys.storm.storm import Storm
from tests.journeys.storm.till import Till
from tests.shop import Shop, open_shop, usd

pytestmark = pytest.mark.storm
CALLS, TILLS = 1000, 16


@dataclass(frozen=True)
class House:
    """The running product, and the servers under it."""

    servers: ThrowawayServers
    product: Product


@pytest.fixture(scope="module")
def house(database: None) -> Iterator[House]:
    """Everything of its own, to be killed."""
    with (
        own_servers() as servers,
        folder_for_logs() as folder,
        product(environment_of(servers), folder, worker=True) as running,
    ):
        yield House(servers, running)


@pytest.fixture
def shop(house: House) -> Shop:
    """A brand in that house."""
    return open_shop("crash")


def storm_of(house: House, shop: Shop, *, sweeps: bool = True) -> Storm:
    storm = Storm(shop, house.product.place(shop), calls=CALLS, clients=TILLS, insists=True, sweeps=sweeps)
    storm.prepare()
    return storm


def test_web_workers_are_killed(house: House, shop: Shop) -> None:
    storm = storm_of(house, shop)

    def disturb() -> None:
        for answers in (200, 400, 600):
            storm.wait_for(answers)
            victim = house.product.web_workers()[0]
            os.kill(victim, signal.SIGKILL)
            wait_for_worker(house.product, victim)
        storm.wait_for(800)
        house.product.kill(house.product.web)
        house.product.start_web()

    storm.run(disturb)

    print(storm.report())
    assert differences(shop, storm.journal) == []
    assert storm.troubles["lost"] > 0


def test_postgresql_is_killed(house: House, shop: Shop) -> None:
    storm = storm_of(house, shop, sweeps=False)

    def disturb() -> None:
        storm.wait_for(200)
        kill_a_session()
        for answers in (400, 600, 800):
            storm.wait_for(answers)
            kill_postgresql(house)

    storm.run(disturb)

    print(storm.report())
    assert differences(shop, storm.journal) == []
    assert storm.troubles["1"] > 0


def kill_postgresql(house: House) -> None:
    """kill -9 of the server, and what `make run` does about it."""
    house.servers.postgres.kill()
    house.servers.postgres.start()
    connection.close()


def kill_a_session() -> None:
    """kill -9 of one of the database's own processes: the server ends all sessions and repairs itself."""
    sql = "SELECT pid FROM pg_stat_activity WHERE application_name = 'clutch' AND pid <> pg_backend_pid() LIMIT 1"
    row = hot_cursor().execute(sql).fetchone()
    assert row is not None
    connection.close()
    os.kill(row[0], signal.SIGKILL)


def test_every_thread_recovers_after_one_failure(house: House, shop: Shop) -> None:
    card = "RECOVERS"
    till = house.product.till(shop)
    till.do("allocate", {"cardNumber": card, "cardSetId": shop.gift_set.code, "createIfNew": True})
    busy_threads(house, shop, card)
    kill_postgresql(house)

    failures = sum(
        reply.code == 1 for reply in (till.send("search", {"filters": {"cardNumber": card}}) for _ in range(100))
    )

    assert failures <= WORKERS * THREADS
    assert till.send("search", {"filters": {"cardNumber": card}}).code is None


def busy_threads(house: House, shop: Shop, card: str) -> None:
    """Let every thread of the web server have used its connection."""
    threads = [
        threading.Thread(
            target=lambda: [
                house.product.till(shop).send("search", {"filters": {"cardNumber": card}}) for _ in range(10)
            ]
        )
        for _ in range(TILLS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_redis_is_killed_while_pins_are_checked(house: House, shop: Shop) -> None:
    till = house.product.till(shop)
    pins = dict(new_card(till, shop, f"P{number}") for number in range(10))
    tickets = iter(range(CALLS))
    take = threading.Lock()
    made: list[float] = []
    failed: list[object] = []

    def client() -> None:
        own = house.product.till(shop)
        while True:
            with take:
                ticket = next(tickets, None)
            if ticket is None:
                return
            card = f"P{ticket % len(pins)}"
            body = usd(card, "issue", 1, forcePinValidation=True, pin=pins[card])
            reply = own.insist("updateBalance", body, f"pin-{ticket}")
            made.append(time.monotonic())
            if reply.code not in (None, 3):
                failed.append(reply.body)

    threads = [threading.Thread(target=client) for _ in range(TILLS)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(made) >= 200, 30)
    house.servers.redis.kill()
    killed = time.monotonic()
    wait_until(lambda: len(made) >= 700, 30)
    house.servers.redis.start()
    started = time.monotonic()
    for thread in threads:
        thread.join()

    assert failed == []
    assert len(made) == CALLS
    assert sum(killed < each < started for each in made) > 300
    assert sum(balance(shop, card) for card in pins) == CALLS
    assert differences_in_books(shop) == []


def test_guessing_is_limited_while_redis_is_away(house: House, shop: Shop) -> None:
    till = house.product.till(shop)
    card, pin = new_card(till, shop, "GUESSED")
    wrong = f"{(int(pin) + 1) % 10000:04}"

    def search(what: str) -> int | None:
        # each from a till of its own: both web workers get their share
        own = house.product.till(shop)
        body = {"filters": {"cardNumber": card}, "forcePinValidation": True, "pin": what}
        code = own.insist("search", body, reads=True).code
        own.close()
        return code

    assert search(pin) is None
    house.servers.redis.kill()
    try:
        assert {search(wrong) for _ in range(40)} == {10}
        assert {search(pin) for _ in range(10)} == {10}
    finally:
        house.servers.redis.start()


def test_the_celery_worker_is_killed(house: House, shop: Shop) -> None:
    storm = storm_of(house, shop, sweeps=False)
    other = open_shop("expiry")
    wallets = 300
    till = house.product.till(other)
    for number in range(wallets):
        new_card(till, other, f"E{number}")
    soon = format_moment(datetime.now(UTC) + timedelta(seconds=5))
    for number in range(wallets):
        till.do("updateBalance", usd(f"E{number}", "issue", 2, issuedBalanceExpiration=soon))

    def disturb() -> None:
        assert wait_until(lambda: format_moment(datetime.now(UTC)) > soon, 30)
        sweep(house)
        assert wait_until(lambda: expired(other) > 0, 30)
        house.product.kill(house.product.worker)
        house.product.start_worker()
        sweep(house)

    storm.run(disturb)
    time.sleep(3.1)  # the last value of the storm has expired by then
    sweep(house)

    for brand in (shop.brand, other.brand):
        assert wait_until(lambda brand=brand: not due_wallets(brand_id=brand.pk, now=datetime.now(UTC), limit=1), 60)
    assert expired(other) == wallets
    assert sum(balance(other, f"E{number}") for number in range(wallets)) == 0
    assert differences_in_books(other) == []
    assert differences(shop, storm.journal) == []


def sweep(house: House) -> None:
    """What beat does every minute."""
    beat = Celery()
    with beat.connection(house.servers.redis.broker_url) as broker:
        beat.send_task("apps.transactions.tasks.sweep_due_value", connection=broker)


def new_card(till: Till, shop: Shop, number: str) -> tuple[str, str]:
    """A new active card and its PIN."""
    reply = till.send("allocate", {"cardNumber": number, "cardSetId": shop.gift_set.code, "createIfNew": True})
    assert reply.code is None, reply.body
    return number, str(reply["pin"])


def balance(shop: Shop, number: str) -> Decimal:
    """What a card holds in all."""
    sql = """SELECT coalesce(sum(l.remaining), 0) FROM cards_card c JOIN ledger_lot l
     ON l.brand_id = c.brand_id AND l.wallet_id = c.wallet_id WHERE c.brand_id = %s AND c.number = %s"""
    row = hot_cursor().execute(sql, [shop.brand.pk, number]).fetchone()
    assert row is not None
    return Decimal(row[0])


def expired(shop: Shop) -> int:
    """How many expiries are in the books."""
    sql = "SELECT count(*) FROM ledger_entry WHERE brand_id = %s AND kind = %s"
    row = hot_cursor().execute(sql, [shop.brand.pk, int(EntryKind.EXPIRE)]).fetchone()
    assert row is not None
    return int(row[0])


def differences_in_books(shop: Shop) -> list[object]:
    """What the verifier finds."""
    from apps.lookups.queries.verify_ledger import verify

    return list(verify(brand_id=shop.brand.pk))
