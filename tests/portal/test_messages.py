"""Customer service > Messages."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from apps.kernel.ids import new_id
from apps.messaging.core.kinds import Purpose, Reason, State
from apps.messaging.models import Outbox
from tests.campaigns.live import publish, rule, says
from tests.portal.acme import OpenAs
from tests.portal.story import member
from tests.shop import Shop, open_shop

LIST = "/messages/"


@pytest.fixture
def shop() -> Shop:
    return open_shop("acme")


@pytest.fixture
def support(shop: Shop, open_as: OpenAs) -> Client:
    return open_as(member(shop, "support"))


def ada(shop: Shop) -> str:
    card = shop.card()
    person = {"firstName": "Ada", "email": "ada@example.org", "mobilePhone": "+14155550100"}
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": person})
    return card


def told(shop: Shop, card: str, channel: str = "email", **place: str) -> UUID:
    """The reference of a call that sends a message."""
    publish(shop, rule(says("Hello", channel, subject="Hi", url="https://example.org/")), name="Greeting")
    return UUID(shop.ok("checkout", {"cardNumber": card, "checkoutTotal": 5}, **place)["requestRef"])


def became(shop: Shop, state: State, reason: str = "", **more: Any) -> None:
    Outbox.objects.filter(brand=shop.brand).update(state=state, reason=reason, **more)


def page(client: Client, query: str = "") -> str:
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_row_says_what_became_of_a_message(shop: Shop, support: Client, open_as: OpenAs) -> None:
    card = ada(shop)
    reference = told(shop, card)
    became(shop, State.UNSENT, Reason.NOT_OPTED_IN, attempts=2)
    shown = page(support)
    for text in (card, "E-mail", "Greeting", "Not sent", "The customer has not opted in.", f"/requests/{reference}/"):
        assert text in shown
    for text in ("ada@example.org", "/campaigns/"):
        assert text not in shown
    assert "2 attempts" in shown
    bob = page(open_as(member(shop, "administrator")))
    assert "ada@example.org" in bob
    assert "/campaigns/" in bob


@pytest.mark.parametrize(
    ("channel", "address"), [("email", "ada@example.org"), ("sms", "+14155550100"), ("webhook", "")]
)
def test_each_channel_has_its_address(shop: Shop, open_as: OpenAs, channel: str, address: str) -> None:
    told(shop, ada(shop), channel)
    (row,) = open_as(member(shop, "administrator")).get(LIST).context["rows"]
    assert (row.address, row.state_word) == (address, "Waiting")


def test_confirmations_have_no_campaign(shop: Shop, support: Client) -> None:
    told(shop, ada(shop))
    Outbox.objects.filter(brand=shop.brand).update(purpose=Purpose.CONFIRMATION, rule_uuid=None)
    assert "Confirmation of an opt-in" in page(support)


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("?state=failed", True),
        ("?state=sent", False),
        ("?channel=email&state=failed", True),
        ("?channel=sms", False),
        ("?card={card}", True),
        ("?card=nobody", False),
    ],
)
def test_filters_keep_what_fits_only(shop: Shop, support: Client, query: str, *, fits: bool) -> None:
    card = ada(shop)
    told(shop, card)
    became(shop, State.FAILED, Reason.REFUSED)
    shown = page(support, query.format(card=card))
    assert ("The provider refused the message." in shown) == fits
    assert ("No message fits" in shown) != fits


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "No messages yet"),
        ("?state=sent", "No message fits"),
        ("?state=lost", "State: There is no such state."),
        ("?channel=pigeon", "Channel: There is no such channel."),
    ],
)
def test_an_empty_list_says_why(support: Client, query: str, words: str) -> None:
    assert words in page(support, query)


def test_messages_of_child_cards_stand_with_the_card(shop: Shop, support: Client) -> None:
    card = shop.card()
    shop.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": "kid"})
    publish(shop, rule(says("Hello", "email")))
    shop.ok("checkout", {"cardNumber": card, "childCardNumber": "kid", "checkoutTotal": 5})
    assert "child card kid" in page(support, f"?card={card}")


def copies(shop: Shop, count: int) -> None:
    """More messages of the same call, one a minute."""
    (row,) = Outbox.objects.filter(brand=shop.brand)
    for number in range(count):
        row.id, row.result_uuid, row.created_at = new_id(), uuid4(), timezone.now() - timedelta(minutes=number)
        row.save(force_insert=True)


def test_pages_hold_every_message_once(shop: Shop, support: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.portal.pages.messages.PAGE_SIZE", 2)
    told(shop, ada(shop))
    copies(shop, 2)
    first = support.get(LIST).context
    second = support.get(LIST + first["older"]).context
    ids = [row.id for row in (*first["rows"], *second["rows"])]
    assert sorted(ids, reverse=True) == ids
    assert len(set(ids)) == 3
    assert second["older"] is None
    assert "Newest" in page(support, first["older"])


def test_statements_do_not_grow_with_rows(shop: Shop, support: Client, django_assert_max_num_queries: Any) -> None:
    told(shop, ada(shop))
    copies(shop, 8)
    with django_assert_max_num_queries(14):
        assert len(support.get(LIST).context["rows"]) == 9


def test_htmx_gets_the_results_alone(shop: Shop, support: Client) -> None:
    told(shop, ada(shop))
    shown = support.get(LIST, headers={"HX-Request": "true", "HX-Target": "results"}).content.decode()
    assert "Greeting" in shown
    assert "<html" not in shown


def test_a_restricted_login_sees_messages_of_its_locations(shop: Shop, open_as: OpenAs) -> None:
    told(shop, ada(shop))
    here = open_as(member(shop, "clerk", location=shop.location))
    there = open_as(member(shop, "clerk", location=shop.other_location))
    assert len(here.get(LIST).context["rows"]) == 1
    assert len(there.get(LIST).context["rows"]) == 0


def test_other_brands_messages_are_not_listed(support: Client) -> None:
    charlie = open_shop("charlie")
    card = ada(charlie)
    told(charlie, card)
    assert "No messages yet" in page(support)
    assert "No message fits" in page(support, f"?card={card}")


def test_the_card_leads_to_its_messages(shop: Shop, support: Client) -> None:
    card = shop.card()
    assert f"{LIST}?card={card}" in support.get("/cards/", {"number": card}).content.decode()


def test_who_may_not_see_messages_is_refused(shop: Shop, open_as: OpenAs, stranger: Client) -> None:
    assert open_as(member(shop, "analyst")).get(LIST).status_code == 403
    assert stranger.get(LIST).status_code == 302
