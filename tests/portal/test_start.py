"""The start page."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.portal.acme import NOON, Acme
from tests.portal.calls import log_call


@time_machine.travel(NOON, tick=False)
def test_day_begins_at_midnight_of_the_brand(acme: Acme, alice: Client) -> None:
    log_call(acme, at=NOON - timedelta(hours=9))
    for n in range(3):
        log_call(acme, at=NOON - timedelta(minutes=n), error_code=10 if n else 0)
    page = alice.get("/")
    assert (page.context["day"].calls, page.context["day"].refused) == (3, 2)
    assert "10 Invalid PIN" in page.content.decode()


@time_machine.travel(NOON, tick=False)
def test_busy_day_is_marked_as_cut(acme: Acme, alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.lookups.queries.portal_day.MOST", 2)
    for _ in range(3):
        log_call(acme)
    assert "2+" in alice.get("/").content.decode()


def test_latest_requests_are_shown(acme: Acme, alice: Client) -> None:
    reference = log_call(acme)
    assert str(reference) in alice.get("/").content.decode()


def test_no_calls_yet_is_said(alice: Client) -> None:
    assert "No calls yet" in alice.get("/").content.decode()
