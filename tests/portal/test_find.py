"""The global search box: references, and parts of people's names and addresses."""

import itertools

import pytest
from django.test import Client
from django.utils.html import escape

from apps.cards.models import Card
from apps.customers.models import Customer
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


def hold(acme: Acme, number: str, **customer: str) -> Card:
    """A card that downtown owns, and its customer."""
    wallet, _ = make_dollars(acme)
    card = make_card(acme, wallet, number)
    add_person(card, **customer)
    return card


def add_person(card: Card, **customer: str) -> None:
    Customer.objects.create(id=next(IDS), brand=card.brand, card_id=card.pk, **customer)


IDS = itertools.count(2_000_000_000)
ADA = {"first_name": "Ada", "last_name": "Lovelace", "email": "Ada@Example.com", "phone": "+14155550100"}


@pytest.mark.parametrize(
    "text", ["lovel", "LACE", "ada love", "da@exam", "ada@example.com", "(415) 555-01", "550100", "+1 415"]
)
def test_people_are_found_by_any_part(acme: Acme, bob: Client, text: str) -> None:
    hold(acme, "6000123", **ADA)
    page = bob.get("/find/", {"q": text}).content.decode()
    assert all(each in page for each in ("Ada Lovelace", "Ada@Example.com", "+14155550100", "/requests/?card=6000123"))


def test_both_phones_of_a_person_are_listed(acme: Acme, bob: Client) -> None:
    hold(acme, "6000123", **ADA, mobile_phone="+14155550199")
    assert bob.get("/find/", {"q": "lovelace"}).context["people"][0]["phones"] == ["+14155550100", "+14155550199"]


@pytest.mark.parametrize("text", ["lovelace", 'nobody "<b>'])
def test_search_box_keeps_what_was_typed(acme: Acme, bob: Client, text: str) -> None:
    hold(acme, "6000123", **ADA)
    assert f'value="{escape(text)}"' in bob.get("/find/", {"q": text}).content.decode()


def test_nothing_typed_is_told_what_to_type(bob: Client) -> None:
    assert "Type a Request Ref" in bob.get("/find/").content.decode()


@pytest.mark.parametrize("text", ["lo", "lovelacex", "l%e", "l_v", "\\", "(41)", "ada@example.org"])
def test_what_nobody_has_or_is_too_short_finds_nobody(acme: Acme, bob: Client, text: str) -> None:
    hold(acme, "6000123", **ADA)
    assert "Nothing found" in bob.get("/find/", {"q": text}).content.decode()


def test_people_are_hidden_from_who_may_not_see_personal_data(acme: Acme, alice: Client) -> None:
    hold(acme, "6000123", **ADA)
    page = alice.get("/find/", {"q": "ada lovelace"}).content.decode()
    assert "6000123" in page
    assert "•••" in page
    assert "Personal data is hidden" in page
    assert not any(each in page for each in ("Ada", "Example.com", "+1415"))


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Ada Lovelace", True),
        ("ADA@example.com", True),
        ("+1 415 555 0100", True),
        ("(415) 555-0100", True),
        ("415 555 0100", True),
        ("lovelace", False),
        ("ada@example", False),
        ("550100", False),
    ],
)
def test_what_is_hidden_cannot_be_guessed_piece_by_piece(acme: Acme, alice: Client, text: str, is_found: bool) -> None:
    hold(acme, "6000123", **ADA)
    assert ("6000123" in alice.get("/find/", {"q": text}).content.decode()) is is_found


def test_newest_twenty_people_are_listed(acme: Acme, bob: Client) -> None:
    card = hold(acme, "6000123", **ADA)
    for number in range(20):
        add_person(card, first_name=f"Ada{number:02}", last_name="Lovelace")
    page = bob.get("/find/", {"q": "lovelace"}).content.decode()
    assert [name in page for name in ("Ada Lovelace", "Ada00", "Ada19")] == [False, True, True]


def test_restricted_login_finds_people_of_its_cards_only(acme: Acme, open_as: OpenAs) -> None:
    card = hold(acme, "6000123", **ADA)
    there = open_as(acme.login("dan", "clerk", location=acme.downtown))
    elsewhere = open_as(acme.login("eve", "clerk", location=acme.harbour))
    assert "6000123" in there.get("/find/", {"q": "ada lovelace"}).content.decode()
    nothing = elsewhere.get("/find/", {"q": "ada lovelace"}).content.decode()
    assert "Nothing found" in nothing
    assert "Only what happened at Harbour" in nothing
    log_change(acme, reference_at(NOON), family_id=card.family_id, location=acme.harbour)
    assert "6000123" in elsewhere.get("/find/", {"q": "ada lovelace"}).content.decode()


def test_people_of_other_brands_are_not_found(acme: Acme, charlies: Acme, bob: Client) -> None:
    hold(charlies, "6000123", **ADA)
    assert "Nothing found" in bob.get("/find/", {"q": "lovelace"}).content.decode()
