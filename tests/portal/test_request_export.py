"""The request list as CSV."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test import Client

from apps.ledger.core.kinds import EntryKind
from tests.portal.acme import NOON, Acme
from tests.portal.calls import log_call, log_change, make_dollars, post


def rows_of(client: Client, query: str = "") -> list[list[str]]:
    answer = client.get("/requests/export.csv" + query)
    assert answer.status_code == 200
    return list(csv.reader(b"".join(answer).decode().splitlines()))


def test_file_has_the_rows_of_the_list(acme: Acme, alice: Client) -> None:
    reference = log_call(acme, card_number="6000123", external_id="CHK-1")
    log_call(acme, card_number="1")
    heading, row = rows_of(alice, "?card=6000123")
    assert heading[8] == "Date (America/New_York)"
    assert row[:4] == [str(reference), "CHK-1", "", "6000123"]
    assert row[8] == "2026-03-10 08:00:00"


def test_formulas_are_defused(acme: Acme, alice: Client) -> None:
    for external_id in ("=1+1", "+1", "-1", "@x"):
        log_call(acme, external_id=external_id)
    assert {row[1] for row in rows_of(alice)[1:]} == {"'=1+1", "'+1", "'-1", "'@x"}


def test_every_batch_is_sent(acme: Acme, alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.portal.pages.request_export.BATCH", 2)
    expected = [str(log_call(acme, at=NOON - timedelta(seconds=n))) for n in range(5)]
    assert [row[0] for row in rows_of(alice)[1:]] == expected


def test_cut_file_says_so(acme: Acme, alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.portal.pages.request_export.BATCH", 2)
    monkeypatch.setattr("apps.portal.pages.request_export.MOST", 2)
    for _ in range(3):
        log_call(acme)
    assert rows_of(alice)[-1] == ["Cut after 2 rows: narrow the dates for the rest."]


def test_filter_that_makes_no_sense_is_refused(alice: Client) -> None:
    assert alice.get("/requests/export.csv?since=yesterday").status_code == 400


def test_amounts_are_plain_numbers(acme: Acme, alice: Client) -> None:
    wallet, dollars = make_dollars(acme)
    reference = log_call(acme)
    log_change(acme, reference)
    post(acme, wallet, dollars, reference, [(EntryKind.REDEEM, "-1250.00")])
    assert rows_of(alice)[1][10] == "USD -1250.00"


@contextmanager
def locked_table() -> Iterator[None]:
    """Somebody holds the request log, and this connection soon gives up."""
    other = connections.create_connection("default")
    with other.cursor() as blocker, connection.cursor() as own:
        blocker.execute("BEGIN; LOCK TABLE requestlog_request IN ACCESS EXCLUSIVE MODE")
        own.execute("SET lock_timeout = '200ms'")
        yield
        own.execute("RESET lock_timeout")
        blocker.execute("ROLLBACK")
    other.close()


def test_query_that_takes_too_long_gets_the_lists_page(alice: Client) -> None:
    with locked_table():
        answer = alice.get("/requests/export.csv?card=6000")
    assert answer["Content-Type"].startswith("text/html")
    assert "takes too long" in answer.content.decode()


def test_file_that_breaks_off_says_so_in_its_last_row(
    acme: Acme, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.portal.pages.request_export.BATCH", 2)
    for _ in range(3):
        log_call(acme)
    answer = alice.get("/requests/export.csv")
    with locked_table():
        lines = b"".join(answer).decode().splitlines()
    assert len(lines) == 4
    assert lines[-1].startswith("INCOMPLETE")
