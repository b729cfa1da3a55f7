"""The global search box."""

import pytest
from django.test import Client

from apps.requestlog.core.call import digest_of
from apps.requestlog.models import Key
from tests.portal.acme import NOON, Acme, OpenAs
from tests.portal.calls import log_call, log_change, make_card, make_dollars, reference_at


@pytest.mark.parametrize("field", ["id", "custom_id", "external_id", "card_number"])
def test_one_exact_hit_opens_the_record(acme: Acme, alice: Client, field: str) -> None:
    log_call(acme, card_number="1", custom_id="2", external_id="3")
    wanted = log_call(acme, card_number="6000123", custom_id="till-1-0001", external_id="CHK-1")
    text = {"id": str(wanted), "custom_id": "till-1-0001", "external_id": "CHK-1", "card_number": "6000123"}[field]
    answer = alice.get("/find/", {"q": f" {text} "})
    assert answer["Location"] == f"/requests/{wanted}/"


def test_several_hits_open_the_list(acme: Acme, alice: Client) -> None:
    for _ in range(2):
        log_call(acme, card_number="6000 & 1")
    assert alice.get("/find/", {"q": "6000 & 1"})["Location"] == "/requests/?card=6000+%26+1"


def test_operation_is_found_by_its_consumed_id_after_the_log_is_gone(acme: Acme, alice: Client) -> None:
    reference = reference_at(NOON)
    log_change(acme, reference)
    Key.objects.create(brand=acme.brand, digest=digest_of("till-1-0001"), operation_id=reference)
    assert alice.get("/find/", {"q": "till-1-0001"})["Location"] == f"/requests/{reference}/"


@pytest.mark.parametrize("text", ["nothing", "", "\x00", "%", "x" * 5000])
def test_no_hit_says_so(alice: Client, text: str) -> None:
    answer = alice.get("/find/", {"q": text})
    assert answer.status_code == 200
    assert "Nothing found" in answer.content.decode()


def test_other_brands_are_not_searched(acme: Acme, charlies: Acme, alice: Client) -> None:
    log_call(charlies, card_number="6000123")
    assert alice.get("/find/", {"q": "6000123"}).status_code == 200


def test_request_logs_list_opens_only_if_it_has_more_than_one(acme: Acme, alice: Client) -> None:
    references = [reference_at(NOON) for _ in range(3)]
    for reference in references:
        log_change(acme, reference, external_id="CHK-1")
    log_call(acme, id=references[0], external_id="CHK-1")
    page = alice.get("/find/", {"q": "CHK-1"}).content.decode()
    assert all(f'href="/requests/{reference}/"' in page for reference in references)


def test_card_is_found_by_its_changes_after_the_log_is_gone(acme: Acme, alice: Client) -> None:
    wallet, _ = make_dollars(acme)
    make_card(acme, wallet, "6000123")
    first, second = reference_at(NOON), reference_at(NOON)
    log_change(acme, first, family_id=wallet.id)
    assert alice.get("/find/", {"q": "6000123"})["Location"] == f"/requests/{first}/"
    log_change(acme, second, family_id=wallet.id, location=acme.harbour)
    assert f"/requests/{second}/" in alice.get("/find/", {"q": "6000123"}).content.decode()


def test_changes_elsewhere_are_not_found_by_card(acme: Acme, open_as: OpenAs) -> None:
    wallet, _ = make_dollars(acme)
    make_card(acme, wallet, "6000123")
    log_change(acme, reference_at(NOON), family_id=wallet.id)
    clerk = open_as(acme.login("dan", "clerk", location=acme.harbour))
    assert "Nothing found" in clerk.get("/find/", {"q": "6000123"}).content.decode()


def test_long_id_is_found(acme: Acme, alice: Client) -> None:
    reference = log_call(acme, custom_id="x" * 1999 + "1")
    log_call(acme, custom_id="x" * 1999 + "2")
    assert alice.get("/find/", {"q": "x" * 1999 + "1"})["Location"] == f"/requests/{reference}/"
