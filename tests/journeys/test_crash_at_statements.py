"""The database ends a call's session before each of its statements: all of the call is there, or nothing; once."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from psycopg.rows import Row

from apps.kernel.db.hot import hot_cursor
from tests.shop import Reply, Shop, usd

BEGIN, LOCK, READ, WRITE, COMMIT = 1, 2, 3, 4, 5
LOST_ANSWER = -1
"""The COMMIT is carried out, but nobody hears of it."""
NAMES = {
    BEGIN: "begin",
    LOCK: "lock",
    READ: "read",
    WRITE: "write",
    COMMIT: "commit",
    LOST_ANSWER: "answer of the commit",
}


def end_session(victim: psycopg.Connection[Any]) -> None:
    """End a session of the database from another one, and wait until it is gone."""
    with psycopg.connect(victim.info.dsn, autocommit=True) as other:
        gone = other.execute("SELECT pg_terminate_backend(%s, 5000)", [victim.info.backend_pid]).fetchone()
    assert gone == (True,)


class Shaky:
    """Counts the statements of the hot path; before number `at` another session ends this one."""

    at: ClassVar[int | None] = None
    seen: ClassVar[int] = 0
    blow: ClassVar[Callable[[psycopg.Connection[Any]], None]] = staticmethod(end_session)

    def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
        if Shaky.at is None:
            return super().execute(query, params, **more)
        Shaky.seen += 1
        if Shaky.at == LOST_ANSWER and query == "COMMIT":
            super().execute(query, params, **more)
            Shaky.strike(self.connection)
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        if Shaky.seen == Shaky.at:
            Shaky.strike(self.connection)
        return super().execute(query, params, **more)

    @staticmethod
    def strike(victim: psycopg.Connection[Any]) -> None:
        Shaky.at = None
        Shaky.blow(victim)


class ShakyCursor(Shaky, psycopg.Cursor[Row]):
    """The hot path's cursor."""


class ShakyRawCursor(Shaky, psycopg.RawCursor[Row]):
    """The same for numbered parameters."""


@pytest.fixture
def shaky(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Shaky]]:
    """The hot path's cursors in the hands of somebody who ends sessions."""
    monkeypatch.setattr(psycopg, "Cursor", ShakyCursor)
    monkeypatch.setattr(psycopg, "RawCursor", ShakyRawCursor)
    yield Shaky
    Shaky.at = None


def issue(shop: Shop, card: str) -> tuple[str, dict[str, Any], Decimal]:
    return "updateBalance", usd(card, "issue", "7.00"), Decimal(7)


def redeem(shop: Shop, card: str) -> tuple[str, dict[str, Any], Decimal]:
    return "updateBalance", usd(card, "redeem", "7.00"), Decimal(-7)


def checkout(shop: Shop, card: str) -> tuple[str, dict[str, Any], Decimal]:
    payment = {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": "7.00"}
    body = {"cardNumber": card, "checkoutTotal": 10, "products": [{"sku": "A"}], "paymentMethods": [payment]}
    return "checkout", body, Decimal(-7)


@pytest.mark.parametrize("at", list(NAMES), ids=NAMES.get)
@pytest.mark.parametrize("verb", [issue, redeem, checkout])
def test_a_session_that_ends_leaves_all_or_nothing_and_a_retry_acts_once(
    acme: Shop, shaky: type[Shaky], verb: Any, at: int
) -> None:
    card = acme.card()
    acme.issue(card, "50.00")
    method, body, effect = verb(acme, card)
    custom_id = uuid4().hex

    first = struck(acme, shaky, at, method, body, custom_id)

    assert first.status == 500
    assert first.code == 1
    happened = at == LOST_ANSWER
    assert acme.free(card) == 50 + (effect if happened else 0)
    assert operations(first) == (1 if happened else 0)

    again = acme.post(method, body, customRequestId=custom_id)

    if happened:
        assert again.code == 3
        assert again["originalRequestRef"] == first["requestRef"]
    else:
        assert again.status == 200
    assert acme.free(card) == 50 + effect


@pytest.mark.parametrize("at", list(NAMES), ids=NAMES.get)
def test_an_activation_happens_once(acme: Shop, shaky: type[Shaky], at: int) -> None:
    card, custom_id = f"X-{uuid4().hex}", uuid4().hex
    body = {"cardNumber": card, "cardSetId": acme.gift_set.code, "createIfNew": True}

    first = struck(acme, shaky, at, "allocate", body, custom_id)
    again = acme.post("allocate", body, customRequestId=custom_id)

    assert first.code == 1
    assert again.code == (3 if at == LOST_ANSWER else None)
    found = acme.ok("requestLookup", {"requestRef": (again if again.code is None else first)["requestRef"]})
    assert found["cardNumber"] == card
    assert acme.balances(card) == []


@pytest.mark.parametrize("at", [BEGIN, LOCK, READ, WRITE, COMMIT, 7], ids=str)
def test_a_void_happens_once(acme: Shop, shaky: type[Shaky], at: int) -> None:
    card = acme.card()
    acme.issue(card, "50.00")
    redemption = acme.redeem(card, "20.00")
    body = {"cardNumber": card, "requestRef": redemption}

    first = struck(acme, shaky, at, "voidTransaction", body, "void-1")

    assert first.code == 1
    assert acme.free(card) == 30
    assert acme.post("voidTransaction", body, customRequestId="void-1").status == 200
    assert acme.post("voidTransaction", body, customRequestId="void-2").code == 30
    assert acme.free(card) == 50


def test_a_thread_whose_session_ended_while_it_was_idle_fails_once_and_recovers(acme: Shop) -> None:
    card = acme.card()
    hot_cursor()
    end_session(connection.connection)

    first = acme.post("updateBalance", usd(card, "issue", "5.00"), customRequestId="idle")

    assert first.code in (None, 1)
    assert acme.post("updateBalance", usd(card, "issue", "5.00"), customRequestId="idle").code in (None, 3)
    assert acme.free(card) == 5


def test_a_connection_that_was_left_inside_a_transaction_is_replaced(acme: Shop) -> None:
    card = acme.card()
    hot_cursor().execute("BEGIN")

    first = acme.post("updateBalance", usd(card, "issue", "5.00"), customRequestId="left")

    assert first.code in (None, 1)
    assert acme.post("updateBalance", usd(card, "issue", "5.00"), customRequestId="left").code in (None, 3)
    assert acme.free(card) == 5


def test_a_reading_call_whose_session_ends_fails_once(acme: Shop, shaky: type[Shaky]) -> None:
    card = acme.card()
    body = {"filters": {"cardNumber": card}}

    first = struck(acme, shaky, 1, "search", body, "read-1")

    assert first.code == 1
    assert acme.ok("search", body, customRequestId="read-1")["cards"][0]["cardNumber"] == card


def test_a_call_that_stalls_in_its_transaction_is_ended_by_the_database(
    acme: Shop, shaky: type[Shaky], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stall(victim: psycopg.Connection[Any]) -> None:
        psycopg.ClientCursor(victim).execute("SET LOCAL idle_in_transaction_session_timeout = 50")
        with psycopg.connect(victim.info.dsn, autocommit=True) as other:
            other.execute("SELECT pg_sleep(0.3)")

    monkeypatch.setattr(Shaky, "blow", staticmethod(stall))
    card = acme.card()
    body = usd(card, "issue", "5.00")

    first = struck(acme, shaky, WRITE, "updateBalance", body, "stall")

    assert first.code == 1
    assert acme.free(card) == 0
    assert acme.post("updateBalance", body, customRequestId="stall").status == 200
    assert acme.free(card) == 5


def struck(shop: Shop, shaky: type[Shaky], at: int, method: str, body: dict[str, Any], custom_id: str) -> Reply:
    """Make a call whose session ends before its statement number `at`."""
    shaky.seen, shaky.at = 0, at
    reply = shop.post(method, body, customRequestId=custom_id)
    assert shaky.at is None, f"the call made only {shaky.seen} statements"
    return reply


def operations(reply: Reply) -> int:
    """How many operations carry the reference of this answer."""
    sql = "SELECT count(*) FROM requestlog_operation WHERE id = %s"
    row = hot_cursor().execute(sql, [reply["requestRef"]]).fetchone()
    assert row is not None
    return int(row[0])
