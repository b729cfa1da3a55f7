"""The request list."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.ledger.core.kinds import EntryKind
from apps.requestlog.core.kinds import METHOD_NUMBERS
from tests.portal.acme import NOON, Acme
from tests.portal.calls import log_call, log_change, make_dollars, post, reference_at

LIST = "/requests/"


def references(page: str) -> list[str]:
    """The requests that a page shows, in its order."""
    return re.findall(r'href="/requests/([0-9a-f-]{36})/"', page)


def shown(client: Client, query: str = "") -> list[str]:
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    return references(answer.content.decode())


def test_newest_request_comes_first(acme: Acme, alice: Client) -> None:
    older = log_call(acme, at=NOON)
    newer = log_call(acme, at=NOON + timedelta(minutes=1))
    assert shown(alice) == [str(newer), str(older)]


def test_row_names_place_type_time_and_references(acme: Acme, alice: Client) -> None:
    reference = log_call(acme, card_number="6000123", external_id="CHK-1")
    log_change(acme, reference)
    page = alice.get(LIST).content.decode()
    for text in ("6000123", "CHK-1", "updateBalance", "UPDATE_BALANCE", "till-1", "Downtown", "2026-03-10", "08:00:00"):
        assert text in page


def test_amount_is_the_net_movement_of_each_value_type(acme: Acme, alice: Client) -> None:
    wallet, dollars = make_dollars(acme)
    reference = log_call(acme)
    log_change(acme, reference)
    post(acme, wallet, dollars, reference, [(EntryKind.REDEEM, "-10.00"), (EntryKind.REDEEM, "-2.50")])
    post(acme, wallet, dollars, reference, [(EntryKind.EXPIRE, "-99.00")])
    page = alice.get(LIST).content.decode()
    assert "\N{MINUS SIGN}12.50" in page
    assert "99.00" not in page


def test_hold_is_marked_while_it_lasts_and_after(acme: Acme, alice: Client) -> None:
    wallet, dollars = make_dollars(acme)
    lasting, ended = log_call(acme), log_call(acme)
    for reference, entries in (
        (lasting, [(EntryKind.HOLD, "25.00")]),
        (ended, [(EntryKind.HOLD, "25.00"), (EntryKind.RELEASE, "-25.00")]),
    ):
        log_change(acme, reference)
        post(acme, wallet, dollars, reference, entries, hold=reference)
    page = alice.get(LIST).content.decode()
    assert page.count("On hold") == 1
    assert page.count("Ended") == 1


@pytest.mark.parametrize(
    "query",
    [
        "?card=6000123",
        "?external=CHK-1",
        "?custom=till-1-0001",
        "?method=search",
        "?outcome=refused",
        "?error=2",
        "?location=uptown",
        "?since=2026-03-11",
    ],
)
def test_filter_keeps_what_fits_only(acme: Acme, alice: Client, query: str) -> None:
    log_call(acme, at=NOON)
    wanted = log_call(
        acme,
        at=NOON + timedelta(days=1),
        location=acme.uptown,
        card_number="6000123",
        external_id="CHK-1",
        custom_id="till-1-0001",
        method=METHOD_NUMBERS["search"],
        error_code=2,
    )
    assert shown(alice, query) == [str(wanted)]
    assert f"{LIST}?" in alice.get(LIST + query).content.decode()


def test_request_ref_is_a_filter_too(acme: Acme, alice: Client) -> None:
    log_call(acme)
    wanted = log_call(acme)
    assert shown(alice, f"?ref={wanted}") == [str(wanted)]
    assert shown(alice, "?ref=nonsense") == []


def test_days_are_days_of_the_brand(acme: Acme, alice: Client) -> None:
    log_call(acme, at=datetime(2026, 3, 10, 3, 59, tzinfo=UTC))
    first = log_call(acme, at=datetime(2026, 3, 10, 4, 0, tzinfo=UTC))
    last = log_call(acme, at=datetime(2026, 3, 11, 3, 59, tzinfo=UTC))
    log_call(acme, at=datetime(2026, 3, 11, 4, 0, tzinfo=UTC))
    assert shown(alice, "?since=2026-03-10&until=2026-03-10") == [str(last), str(first)]


def test_chip_takes_its_filter_off_and_keeps_the_others(acme: Acme, alice: Client) -> None:
    page = alice.get(f"{LIST}?card=6000&outcome=refused").content.decode()
    assert 'href="/requests/?card=6000"' in page
    assert 'href="/requests/?outcome=refused"' in page


def test_long_external_ids_that_begin_alike_are_told_apart(acme: Acme, alice: Client) -> None:
    wanted = log_call(acme, external_id="x" * 70 + "1")
    log_call(acme, external_id="x" * 70 + "2")
    assert shown(alice, "?external=" + "x" * 70 + "1") == [str(wanted)]


def test_pages_hold_every_request_once(acme: Acme, alice: Client) -> None:
    expected = [str(log_call(acme, at=NOON - timedelta(seconds=n))) for n in range(120)]
    found, query = [], ""
    while query is not None:
        page = alice.get(LIST + query).content.decode()
        found += references(page)
        older = re.search(r'href="/requests/(\?before=[^"]*)">Older', page)
        query = older and older[1]
    assert found == expected


def test_newer_leads_back(acme: Acme, alice: Client) -> None:
    calls = [str(log_call(acme, at=NOON - timedelta(seconds=n))) for n in range(70)]
    assert shown(alice, f"?after={calls[50]}") == calls[:50]
    assert shown(alice, f"?after={calls[0]}") == []


def test_statements_do_not_grow_with_rows(acme: Acme, alice: Client) -> None:
    wallet, dollars = make_dollars(acme)

    def statements(calls: int) -> int:
        for _ in range(calls):
            reference = log_call(acme)
            log_change(acme, reference)
            post(acme, wallet, dollars, reference, [(EntryKind.HOLD, "1.00")], hold=reference)
        with CaptureQueriesContext(connection) as captured:
            alice.get(LIST)
        return len(captured)

    assert statements(1) == statements(2)


def test_htmx_gets_the_results_alone(acme: Acme, alice: Client) -> None:
    log_call(acme)
    page = alice.get(LIST, headers={"HX-Request": "true", "HX-Target": "results"}).content.decode()
    assert "<table" in page
    assert "<html" not in page


@pytest.mark.parametrize(
    ("query", "words"),
    [("", "No requests yet"), ("?card=1", "No request fits"), ("?since=yesterday", "cannot be understood")],
)
def test_empty_list_says_why(alice: Client, query: str, words: str) -> None:
    assert words in alice.get(LIST + query).content.decode()


def test_list_that_takes_too_long_says_what_helps(alice: Client) -> None:
    other = connections.create_connection("default")
    with other.cursor() as blocker, connection.cursor() as own:
        blocker.execute("BEGIN; LOCK TABLE requestlog_request IN ACCESS EXCLUSIVE MODE")
        own.execute("SET lock_timeout = '200ms'")
        page = alice.get(LIST).content.decode()
        own.execute("RESET lock_timeout")
        blocker.execute("ROLLBACK")
    other.close()
    assert "takes too long" in page


def test_other_brands_requests_are_not_listed(acme: Acme, charlies: Acme, alice: Client) -> None:
    log_call(charlies, card_number="6000123")
    assert shown(alice) == []
    assert shown(alice, "?card=6000123") == []


def test_amounts_keep_the_digits_of_their_scale(acme: Acme, alice: Client) -> None:
    wallet, dollars = make_dollars(acme)
    reference = reference_at(NOON)
    log_call(acme, id=reference)
    log_change(acme, reference)
    post(acme, wallet, dollars, reference, [(EntryKind.ISSUE, str(Decimal("1250.00")))])
    assert "+1,250.00" in alice.get(LIST).content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "9999-12-31"])
def test_days_at_the_ends_of_time_are_no_error(alice: Client, day: str) -> None:
    assert shown(alice, f"?since={day}&until={day}") == []
