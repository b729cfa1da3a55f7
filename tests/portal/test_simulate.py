"""Campaigns > Try it."""

from typing import Any

import pytest
from django.test import Client

from apps.campaigns.models import Revision
from apps.requestlog.models import Request
from tests.campaigns.live import condition, percent, points, publish, rule, says
from tests.merchant_api.steady import points as points_body
from tests.merchant_api.steady import state
from tests.portal.acme import OpenAs
from tests.portal.story import member
from tests.shop import Shop, open_shop
from tests.transactions.test_simulate import drafted

TRY = "/try/"


@pytest.fixture
def shop() -> Shop:
    return open_shop("acme")


@pytest.fixture
def mary(shop: Shop, open_as: OpenAs) -> Client:
    """Marketer."""
    return open_as(member(shop, "marketer"))


def tried(client: Client, **asked: Any) -> str:
    answer = client.post(TRY, {"trigger": "checkout"} | asked)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_basket_shows_totals_mutations_and_why(shop: Shop, mary: Client) -> None:
    big = condition("checkout_total", minimum=500)
    publish(shop, rule(percent(10), name="Tenth"), rule(points(7), name="Seven"), name="Spring")
    publish(shop, rule(points(1), when=[big], name="Big"))
    card = shop.card(card_set=shop.loyalty_set)
    before = (state(shop), Request.objects.filter(brand=shop.brand).count())
    page = tried(mary, card=card, lines="HAT 2 12.50\nBow Tie 25", location="main-street")
    assert (state(shop), Request.objects.filter(brand=shop.brand).count()) == before
    for text in ("50.00", "5.00", "45.00", "+7", "Tenth", "Seven", "Campaign results", "2 of 2 rules fired", "Big"):
        assert text in page
    assert "at least 500.00 USD" in page


def test_a_draft_can_be_tried(shop: Shop, mary: Client) -> None:
    row = publish(shop, rule(percent(10)), name="Spring")
    draft = drafted(shop, rule(percent(20)), campaign=row)
    assert "With the draft of Spring (revision 2)" in mary.get(TRY).content.decode()
    assert "Took 10.00 USD off" in tried(mary, total="50", revision=str(draft))
    assert "Took 5.00 USD off" in tried(mary, total="50")


def test_a_link_fills_the_form(shop: Shop, mary: Client) -> None:
    assert 'value="C-17"' in mary.get(TRY, {"card": "C-17"}).content.decode()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"lines": "HAT"}, "Line 1: write the SKU"),
        ({"lines": "HAT 1 x"}, "Line 1: x is no amount"),
        ({"keys": "door"}, "Line 1: write a key"),
        ({"payments": "VISA"}, "Line 1: write a name"),
        ({"trigger": "nothing"}, "Select a valid choice"),
        ({"location": "nowhere"}, "Select a valid choice"),
        ({"revision": "nothing"}, "Select a valid choice"),
        ({}, "Send checkoutTotal or products"),
        ({"card": "unknown", "total": "5"}, "2 Card not found"),
        ({"trigger": "custom"}, "needs a card"),
        ({"total": "5", "coupons": "NONE"}, "27 "),
        ({"total": "5", "moment": "0001-01-01T00:00"}, "too far away"),
        ({"total": "5", "moment": "9999-12-31T23:59"}, "too far away"),
    ],
)
def test_what_makes_no_sense_is_told(mary: Client, asked: dict[str, str], words: str) -> None:
    page = tried(mary, **asked)
    assert words in page
    assert "Campaign results" not in page


def test_other_triggers_can_be_tried(shop: Shop, mary: Client) -> None:
    key = condition("custom_key", key="door", values=["3"])
    publish(shop, rule(points(3), when=[key], trigger="custom"))
    card = shop.card(card_set=shop.loyalty_set)
    assert "Issued 3 Points" in tried(mary, trigger="custom", card=card, keys="door = 3")
    publish(shop, rule(points(4), trigger="balance_update"))
    moved = {"movement": "issue", "moved": "Points", "moved_amount": "5"}
    page = tried(mary, trigger="balance_update", card=card, **moved)
    assert "Issued 4 Points" in page
    assert "Points afterwards" in page


@pytest.mark.parametrize("movement", ["hold", "issue", "redeem"])
def test_only_an_adjustment_can_be_negative(shop: Shop, mary: Client, movement: str) -> None:
    card = shop.card(card_set=shop.loyalty_set)
    shop.ok("updateBalance", points_body(card, "issue", 20))
    moved = {"movement": movement, "moved": "Points", "moved_amount": "-5"}
    assert "Only adjustments can be negative" in tried(mary, trigger="balance_update", card=card, **moved)
    moved["movement"] = "adjust"
    assert "Campaign results" in tried(mary, trigger="balance_update", card=card, **moved)


def test_personal_data_is_hidden_without_the_right(shop: Shop, mary: Client, open_as: OpenAs) -> None:
    city = condition("customer_field", field="city")
    publish(shop, rule(says("Hello {{firstName}}"), when=[city]))
    card = shop.card(card_set=shop.loyalty_set)
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"city": "Springfield", "firstName": "Ada"}})
    page = tried(mary, card=card, total="5")
    assert [text in page for text in ("Springfield", "Hello Ada", "Personal data is hidden")] == [False, False, True]
    page = tried(open_as(member(shop, "administrator")), card=card, total="5")
    assert [text in page for text in ("Springfield", "Hello Ada", "Personal data is hidden")] == [True, True, False]


def test_htmx_gets_the_results_alone(shop: Shop, mary: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "results"}
    page = mary.post(TRY, {"trigger": "checkout", "total": "5"}, headers=headers).content.decode()
    assert "Campaign results" in page
    assert "<html" not in page


def test_a_restricted_login_tries_its_locations_and_cards(shop: Shop, open_as: OpenAs) -> None:
    there = open_as(member(shop, "marketer", location=shop.other_location))
    card = shop.card()
    page = tried(there, card=card, total="5", location=shop.other_location.code)
    assert "2 Card not found" in page
    assert "Select a valid choice" in tried(there, total="5", location=shop.location.code)
    assert "This field is required" in tried(there, total="5")
    assert "Campaign results" in tried(there, total="5", location=shop.other_location.code)


def test_other_brands_have_no_part_in_it(shop: Shop, mary: Client) -> None:
    charlie = open_shop("charlie")
    publish(charlie, rule(percent(10), name="Theirs"))
    theirs = Revision.objects.get(brand=charlie.brand)
    assert "Card not found" in tried(mary, card=charlie.card(), total="5")
    assert "Select a valid choice" in tried(mary, total="5", revision=str(theirs.uuid))
    assert "Theirs" not in tried(mary, total="5")


def test_only_who_sees_campaigns_may_try(shop: Shop, open_as: OpenAs, stranger: Client) -> None:
    support = open_as(member(shop, "support"))
    assert support.get(TRY).status_code == support.post(TRY).status_code == 403
    assert stranger.get(TRY).status_code == 302
