"""A refusal is no reason to prepare everything again."""

import psycopg
from django.db import connection

from apps.kernel.db.hot import hot_cursor
from tests.shop import Shop, usd


def prepared(shop: Shop) -> set[str]:
    rows = hot_cursor().execute("SELECT statement FROM pg_prepared_statements").fetchall()
    return {row[0] for row in rows if "ledger" in row[0]}


def test_prepared_statements_survive_a_refusal(acme: Shop) -> None:
    card = acme.card()
    connection.close()
    for _ in range(3):
        acme.issue(card, 5)
    before = prepared(acme)
    assert len(before) >= 3
    assert acme.post("updateBalance", usd(card, "redeem", 99)).code == 13
    assert acme.free(card) == 15
    assert before <= prepared(acme)


def test_a_connection_that_its_server_left_is_replaced(acme: Shop) -> None:
    card = acme.card()
    gone = hot_cursor().connection.info.backend_pid
    with psycopg.connect(hot_cursor().connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [gone])
    acme.issue(card, 5)
    assert acme.free(card) == 5
