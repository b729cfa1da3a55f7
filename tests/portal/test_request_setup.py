"""A locking setup on the Request Ref page: what became of it, and what ended it."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.checkouts.models import Setup
from apps.lookups.queries.portal_request import request_record
from apps.lookups.queries.portal_setup import setup_told
from apps.requestlog.models import Operation
from apps.transactions.operations.end_lapsed_setup import end_lapsed_setup
from apps.transactions.operations.erase_person import erase_person
from tests.campaigns.live import percent, publish, rule
from tests.portal.acme import NOON, OpenAs
from tests.portal.story import member
from tests.shop import Shop, open_shop
from tests.transactions.locks import lock

WHERE = "The setup's page explains the rules:"
"""How what ended a setup leads to it."""


@pytest.fixture
def shop() -> Shop:
    return open_shop("acme")


@pytest.fixture
def support(shop: Shop, open_as: OpenAs) -> Client:
    return open_as(member(shop, "support"))


@pytest.fixture
def card(shop: Shop) -> str:
    publish(shop, rule(percent(10), name="Tenth"))
    return shop.card(card_set=shop.loyalty_set)


def html(client: Client, reference: object) -> str:
    answer = client.get(f"/requests/{reference}/")
    assert answer.status_code == 200
    return answer.content.decode()


def says(client: Client, reference: object) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html(client, reference))).split())


def called(shop: Shop, body: dict[str, Any], place: dict[str, str] | None = None) -> str:
    """A checkout call; its reference, which is the transaction id as well."""
    return str(shop.ok("checkout", body, **(place or {}))["requestRef"])


def set_up(shop: Shop, card: str) -> str:
    return called(shop, {"cardNumber": card, "checkoutTotal": 50, "isSetup": True, "lockSetupDuration": 600})


def end(shop: Shop, card: str, setup: str, place: dict[str, str] | None = None, **more: Any) -> str:
    return called(shop, {"cardNumber": card, "relatedSetupTransactionId": setup, **more}, place)


def test_a_complete_leads_to_the_setup_that_explains_it_and_back(shop: Shop, support: Client, card: str) -> None:
    setup = set_up(shop, card)
    done = end(shop, card, setup)
    assert f'href="/requests/{setup}/"' in html(support, done)
    assert f"what its setup had decided, and ran no rules itself. {WHERE} {setup}." in says(support, done)
    assert "Campaign results" not in says(support, done)
    assert f'href="/requests/{done}/"' in html(support, setup)
    assert f"This setup was completed by {done}." in says(support, setup)
    assert "Tenth" in says(support, setup)


def test_a_cancel_and_its_setup_name_each_other(shop: Shop, support: Client, card: str) -> None:
    setup = set_up(shop, card)
    done = end(shop, card, setup, cancelSetup=True)
    assert f"This setup was cancelled by {done}." in says(support, setup)
    assert f"This cancelled a setup: nothing that it had decided was done. {WHERE} {setup}." in says(support, done)


def test_a_setup_that_locks_says_until_when(shop: Shop, support: Client, card: str) -> None:
    setup = set_up(shop, card)
    until = Setup.objects.get(brand=shop.brand, operation_id=setup).until
    shown = says(support, setup)
    assert f"locks the card until {until:%Y-%m-%d %H:%M:%S}: it is neither completed nor cancelled yet" in shown


def test_a_lapsed_setup_says_so_before_and_after_somebody_tidied_up(shop: Shop, support: Client, card: str) -> None:
    past = timezone.now() - timedelta(hours=1)
    setup = lock(shop, card, seconds=600, call=shop.call(now=past, moment=past))
    row = Setup.objects.get(brand=shop.brand, operation_id=setup)
    lapsed = f"lapsed at {row.until:%Y-%m-%d %H:%M:%S}: nobody completed or cancelled it in time"
    assert lapsed in says(support, setup)
    tidying = shop.call()
    assert end_lapsed_setup(call=tidying, setup_id=setup, wallet_id=row.wallet_id)
    assert lapsed in says(support, setup)
    assert f"after a setup whose lock had lapsed. {WHERE} {setup}." in says(support, tidying.id)


def test_a_release_in_the_portal_is_told(shop: Shop, support: Client, card: str, open_as: OpenAs) -> None:
    setup = set_up(shop, card)
    support.post("/cards/release-lock/", {"number": card, "setup": setup})
    released = Setup.objects.get(brand=shop.brand, operation_id=setup).ended_by
    assert f"This setup was cancelled in the portal by {released}." in says(support, setup)
    assert f"This cancelled a setup: nothing that it had decided was done. {WHERE} {setup}." in says(support, released)
    marketer = open_as(member(shop, "marketer", location=shop.location))
    assert "cancelled in the portal, and the card released" in says(marketer, setup)
    assert str(released) not in html(marketer, setup)


@pytest.mark.parametrize(("cancels", "word"), [(False, "completed"), (True, "cancelled")])
def test_what_happened_elsewhere_is_told_without_its_reference(
    shop: Shop, open_as: OpenAs, card: str, cancels: bool, word: str
) -> None:
    setup = set_up(shop, card)
    elsewhere = {"Location": shop.other_location.code, "Terminal": shop.other_terminal.code}
    done = end(shop, card, setup, elsewhere, cancelSetup=cancels)
    here, there = (open_as(member(shop, "marketer", location=each)) for each in (shop.location, shop.other_location))
    assert f"This setup was {word} at another location." in says(here, setup)
    assert done not in html(here, setup)
    assert "The setup was made at another location." in says(there, done)
    assert f"/requests/{setup}/" not in html(there, done)


def test_setups_that_lock_nothing_and_checkouts_in_one_step_say_nothing(shop: Shop, support: Client, card: str) -> None:
    for more in ({"isSetup": True}, {}):
        shown = says(support, called(shop, {"cardNumber": card, "checkoutTotal": 50, **more}))
        assert "setup was" not in shown
        assert "This setup" not in shown
        assert "Campaign results" in shown


def test_an_erased_complete_does_not_miss_what_it_never_knew(shop: Shop, support: Client, card: str) -> None:
    setup = set_up(shop, card)
    done = end(shop, card, setup)
    erase_person(call=shop.call(), card_number=card)
    assert "was erased together with the person" in says(support, setup)
    assert "was erased together with the person" not in says(support, done)
    assert f"{WHERE} {setup}." in says(support, done)


def test_another_brand_sees_nothing_of_it(shop: Shop, card: str) -> None:
    charlie, setup = open_shop("charlie"), set_up(shop, card)
    done = end(shop, card, setup)
    for reference in (setup, done):
        assert request_record(brand=charlie.brand, locations=None, reference=UUID(reference), now=NOON) is None
        operation = Operation.objects.get(brand=shop.brand, id=reference)
        assert setup_told(brand=charlie.brand, operation=operation, now=NOON) is None


def test_what_an_operation_ended_is_found_by_an_index(shop: Shop) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        plan = Setup.objects.filter(brand=shop.brand, ended_by=shop.call().id).explain()
        cursor.execute("RESET enable_seqscan")
    assert "checkouts_setup_ended" in plan
