"""The page of a card, and the release of its checkout lock."""

from uuid import UUID

import pytest
from django.test import Client

from apps.checkouts.models import Setup
from apps.requestlog.models import Operation
from tests.merchant_api.steady import state
from tests.portal.acme import OpenAs
from tests.portal.story import member
from tests.shop import Shop, open_shop
from tests.transactions.locks import lock

RELEASE = "/cards/release-lock/"


@pytest.fixture
def shop() -> Shop:
    return open_shop("acme")


@pytest.fixture
def card(shop: Shop) -> str:
    card = shop.card()
    shop.issue(card, 100)
    return card


@pytest.fixture
def support(shop: Shop, open_as: OpenAs) -> Client:
    return open_as(member(shop, "support"))


def page(client: Client, card: str) -> str:
    answer = client.get("/cards/", {"number": card})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_what_the_card_is(support: Client, card: str) -> None:
    shown = page(support, card)
    assert all(text in shown for text in (card, "Activated", "Gift cards"))
    assert "Locked by" not in shown


def test_the_page_names_the_setup_that_locks_the_card(shop: Shop, support: Client, card: str) -> None:
    setup = lock(shop, card, (shop.usd, "-10"))
    shown = page(support, card)
    assert "Locked by checkout setup" in shown
    assert f"/requests/{setup}/" in shown
    assert f"{RELEASE}?number={card}" in shown


def test_support_is_asked_and_then_releases(shop: Shop, support: Client, card: str) -> None:
    setup = lock(shop, card, (shop.usd, "-10"))
    before = state(shop)
    asked = support.get(RELEASE, {"number": card}).content.decode()
    assert str(setup) in asked
    assert state(shop) == before
    done = support.post(RELEASE, {"number": card, "setup": str(setup)}, follow=True).content.decode()
    assert "The card is released" in done
    assert "Locked by" not in done
    ended = Setup.objects.get(brand=shop.brand, operation_id=setup).ended_by
    assert Operation.objects.get(brand=shop.brand, id=ended).user_id is not None
    shop.redeem(card, 100)


def test_releasing_twice_says_that_it_is_done(shop: Shop, support: Client, card: str) -> None:
    setup = lock(shop, card)
    facts = {"number": card, "setup": str(setup)}
    support.post(RELEASE, facts)
    assert "not locked" in support.post(RELEASE, facts, follow=True).content.decode()
    assert "No checkout locks this card" in support.get(RELEASE, {"number": card}).content.decode()


def test_who_may_not_act_sees_the_lock_but_cannot_release_it(shop: Shop, open_as: OpenAs, card: str) -> None:
    setup = lock(shop, card)
    marketer = open_as(member(shop, "marketer"))
    shown = page(marketer, card)
    assert str(setup) in shown
    assert RELEASE not in shown
    assert marketer.post(RELEASE, {"number": card, "setup": str(setup)}).status_code == 403


@pytest.mark.parametrize("facts", [{}, {"setup": "nonsense"}])
def test_a_release_without_its_setup_does_nothing(
    shop: Shop, support: Client, card: str, facts: dict[str, str]
) -> None:
    lock(shop, card)
    before = state(shop)
    assert support.post(RELEASE, {"number": card} | facts).status_code == 404
    assert state(shop) == before


@pytest.mark.parametrize("number", ["", "nothing", "\x00", "x" * 500])
def test_unknown_cards_are_404(support: Client, number: str) -> None:
    assert support.get("/cards/", {"number": number}).status_code == 404


def test_other_brands_cards_are_404(shop: Shop, support: Client) -> None:
    charlie = open_shop("charlie")
    theirs = charlie.card()
    setup: UUID = lock(charlie, theirs)
    assert support.get("/cards/", {"number": theirs}).status_code == 404
    assert support.post(RELEASE, {"number": theirs, "setup": str(setup)}).status_code == 404
    assert Setup.objects.get(brand=charlie.brand, operation_id=setup).ended_by is None


def test_a_restricted_login_sees_cards_of_its_locations(shop: Shop, open_as: OpenAs, card: str) -> None:
    accountant = open_as(member(shop, "marketer", location=shop.other_location))
    assert accountant.get("/cards/", {"number": card}).status_code == 404
    shop.post("updateBalance", {}, Location=shop.other_location.code, Terminal=shop.other_terminal.code)
    places = {"Location": shop.other_location.code, "Terminal": shop.other_terminal.code}
    shop.ok("updateAccount", {"cardNumber": card, "customCardNumber": "x"}, **places)
    assert accountant.get("/cards/", {"number": card}).status_code == 200


def test_a_clerk_acts_on_any_card_by_its_exact_number(shop: Shop, open_as: OpenAs, card: str) -> None:
    setup = lock(shop, card)
    clerk = open_as(member(shop, "clerk", location=shop.other_location))
    assert "Locked by" in page(clerk, card)
    clerk.post(RELEASE, {"number": card, "setup": str(setup)})
    assert "Locked by" not in page(clerk, card)
