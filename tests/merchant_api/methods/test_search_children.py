"""search over the wire: child cards."""

from typing import Any

import pytest

from apps.cards.models import Event
from tests.merchant_api.methods.test_search import numbers
from tests.merchant_api.methods.test_search_shown import PARTS, update
from tests.merchant_api.steady import refused, set_status
from tests.merchant_api.test_statements import counted
from tests.shop import Shop, usd


def root(shop: Shop, number: str, **children: dict[str, str]) -> str:
    """A card with children, each with a customer."""
    card = shop.card(number)
    for child, customer in children.items():
        shop.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": child})
        if customer:
            shop.ok("updateAccount", {"cardNumber": card, "childCardNumber": child, "primaryCustomer": customer})
    return card


@pytest.fixture
def families(acme: Shop) -> Shop:
    """Two families with a child 001 each, and a card without children."""
    root(acme, "ada", **{"001": {"firstName": "Kim", "lastName": "Lovelace"}, "002": {"firstName": "Lee"}})
    root(acme, "bea", **{"001": {"firstName": "Lee", "email": "lee@example.com"}})
    update(acme, "bea", primaryCustomer={"firstName": "Bea"})
    acme.card("carl")
    return acme


def children(shop: Shop, card: str, child_filters: dict[str, Any] | None = None, **parts: bool) -> list[dict[str, Any]]:
    """The child cards that a search shows of a card."""
    body: dict[str, Any] = {"filters": {"cardNumber": card}, "returnFields": {"childCards": True} | parts}
    if child_filters is not None:
        body["childFilters"] = child_filters
    found: list[dict[str, Any]] = shop.ok("search", body)["cards"][0].get("childCards", [])
    return found


@pytest.mark.parametrize(
    ("filters", "child_filters", "found"),
    [
        ({}, {"firstName": "lee"}, ["ada", "bea"]),
        ({}, {"firstName": "kim", "lastName": "lovelace"}, ["ada"]),
        ({}, {"firstName": "kim", "cardNumber": "002"}, []),
        ({}, {"cardNumber": "001"}, ["ada", "bea"]),
        ({}, {"cardNumber": "001", "email": "LEE@example.com"}, ["bea"]),
        ({}, {"firstNamePrefix": "kim", "lastNamePrefix": "lov"}, ["ada"]),
        ({}, {"cardNumber": "ada"}, []),
        ({}, {"customCardNumber": "x"}, []),
        ({}, {"firstName": "bea"}, []),
        ({}, {"firstName": None}, []),
        ({}, {"firstName": ""}, []),
        ({}, {}, ["ada", "bea", "carl"]),
        ({"firstName": "bea"}, {"cardNumber": "001"}, ["bea"]),
        ({"cardNumber": "ada"}, {"firstName": "lee"}, ["ada"]),
        ({"firstName": "lee"}, {"firstName": "lee"}, []),
        ({"email": None}, {"firstName": "lee"}, []),
        ({"cardSetId": "loyalty-cards"}, {"firstName": "lee"}, []),
        ({"programTypes": ["gift"]}, {"firstName": "lee"}, ["ada", "bea"]),
    ],
)
def test_root_cards_are_found_by_their_children(
    families: Shop, filters: dict[str, Any], child_filters: dict[str, Any], found: list[str]
) -> None:
    assert numbers(families, filters, childFilters=child_filters) == found


def test_where_any_filter_will_do_a_custom_number_that_no_child_has_hinders_nothing(families: Shop) -> None:
    either = {"customCardNumber": "x", "firstName": "kim"}
    assert numbers(families, {}, childFilters=either, filterLogicAnd=False) == ["ada"]
    assert numbers(families, {}, childFilters=either) == []
    body = {"filters": {}, "childFilters": either, "filterLogicAnd": False, "returnFields": {"childCards": True}}
    (card,) = families.ok("search", body)["cards"]
    assert len(card["childCards"]) == 1


def test_any_goes_for_both_kinds_of_filters_and_a_card_must_fit_both(families: Shop) -> None:
    either = {"firstName": "kim", "email": "lee@example.com"}
    assert numbers(families, {}, childFilters=either, filterLogicAnd=False) == ["ada", "bea"]
    mine = {"firstName": "bea", "cardNumber": "carl"}
    assert numbers(families, mine, childFilters=either, filterLogicAnd=False) == ["bea"]


def test_child_filters_use_the_cache(families: Shop) -> None:
    assert families.ok("search", {"filters": {"cardNumber": "ada"}})["usedCache"] is False
    body = {"filters": {"cardNumber": "ada"}, "childFilters": {"cardNumber": "001"}}
    assert families.ok("search", body)["usedCache"] is True
    refused(families, 9, "search", body | {"includeInactive": True})


def test_children_are_shown_in_the_order_of_their_making(families: Shop) -> None:
    assert children(families, "ada") == [{"cardNumber": "001"}, {"cardNumber": "002"}]
    assert children(families, "carl") == []


def test_only_children_that_match_are_shown(families: Shop) -> None:
    assert children(families, "ada", {"firstName": "Lee"}) == [{"cardNumber": "002"}]


def test_children_have_what_cards_have(acme: Shop) -> None:
    card, child = root(acme, "ada", kid={"firstName": "Kim"}), {"childCardNumber": "kid"}
    acme.ok("updateBalance", usd(card, "issue", 5) | child)
    acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 3} | child)
    update(acme, card, alternateCustomer={"firstName": "Lee"}, **child)
    update(acme, card, thirdPartyUpdates=[{"thirdParty": "custom", "customData": "x"}], **child)
    acme.ok("createEventType", {"categoryId": "seen"})
    update(acme, card, newEvents=[{"categoryId": "seen"}], **child)
    (seen,) = children(acme, card, **dict.fromkeys(PARTS, True))
    assert seen["customer"] == {"firstName": "Kim"}
    assert seen["alternateCustomer"] == {"firstName": "Lee"}
    assert [each["amount"] for each in seen["balances"]] == [5]
    assert [each["checkoutTotal"] for each in seen["checkouts"]] == [3]
    assert [each["categoryId"] for each in seen["events"]] == ["seen"]
    assert (seen["customData"], seen["emailBounced"]) == ("x", False)
    assert not seen.keys() & {"cardSetId", "pin", "coupons", "giverCustomer", "childCards"}


def test_what_is_the_childs_is_not_shown_as_the_roots(acme: Shop) -> None:
    card = root(acme, "ada", kid={"firstName": "Kim"})
    acme.ok("updateBalance", usd(card, "issue", 5) | {"childCardNumber": "kid"})
    body = {"filters": {"cardNumber": card}, "returnFields": {"balances": True, "customer": True}}
    assert acme.ok("search", body)["cards"] == [{"cardNumber": card, "cardSetId": "gift-cards", "balances": []}]
    assert Event.objects.filter(brand=acme.brand).count() == 0


def test_children_of_inactive_cards_are_hidden_with_them(families: Shop) -> None:
    set_status(families, "ada", "Suspended")
    assert numbers(families, {}, childFilters={"cardNumber": "001"}) == ["bea"]


def test_charlie_finds_no_children_of_acme(families: Shop, charlie: Shop) -> None:
    charlie.card("ada")
    assert numbers(charlie, {}, childFilters={"cardNumber": "001"}) == []
    assert numbers(charlie, {}, childFilters={"firstName": "lee"}) == []
    assert children(charlie, "ada") == []


def test_statements_do_not_depend_on_how_many_cards_and_children_there_are(families: Shop) -> None:
    everything = dict.fromkeys(PARTS, True)
    for card in ("bea", "ada", "carl"):
        acme_links = [{"thirdParty": "email", "optIn": True}]
        update(families, card, primaryCustomer={"lastName": "Many"}, thirdPartyUpdates=acme_links)
        families.ok("checkout", {"cardNumber": card, "checkoutTotal": 3})
    one = {"filters": {"cardNumber": "ada"}, "returnFields": everything}
    three = {"filters": {"lastName": "Many"}, "returnFields": everything}
    assert len(families.ok("search", three)["cards"]) == 3
    assert counted(families, "search", one) == counted(families, "search", three) == 14


def test_plain_searches_take_one_statement_and_those_with_a_choice_two(families: Shop) -> None:
    logged = 2  # the key's customRequestId and the row of the request log
    for filters in ({}, {"cardNumber": "ada"}, {"lastName": "x"}, {"firstName": "a", "lastName": "b"}):
        assert counted(families, "search", {"filters": filters}) <= 1 + logged
    assert counted(families, "search", {"filters": {"firstName": "a", "email": "b"}}) <= 2 + logged
