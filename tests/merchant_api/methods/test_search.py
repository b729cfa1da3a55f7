"""search over the wire."""

from decimal import Decimal
from typing import Any

import pytest

from apps.brands.models import Location
from apps.brands.operations.publish_config import publish_config
from tests.merchant_api.steady import change_brand, pinned, rack, refused, set_status
from tests.shop import Shop


def numbers(shop: Shop, filters: dict[str, Any], **more: Any) -> list[str]:
    return [card["cardNumber"] for card in shop.ok("search", {"filters": filters} | more)["cards"]]


def person(shop: Shop, number: str, **customer: Any) -> str:
    card = shop.card(number)
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": customer})
    return card


@pytest.fixture
def people(acme: Shop) -> Shop:
    """Ada, two called Grace, and a card without anybody."""
    person(acme, "ada", firstName="Ada", lastName="Lovelace", email="Ada@Example.com", phone="+14155550100")
    person(acme, "grace", firstName="Grace", lastName="Hopper", email="g@example.com", mobilePhone="(415) 555-0101")
    person(acme, "other", firstName="GRACE", lastName="Kelly", phone="4155550102")
    acme.card("nobody")
    return acme


def test_without_return_fields_a_card_is_exactly_number_and_set(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 5)
    reply = acme.ok("search", {"filters": {"cardNumber": card}})
    assert reply.body == {
        "requestRef": reply["requestRef"],
        "success": True,
        "usedCache": False,
        "cards": [{"cardNumber": card, "cardSetId": "gift-cards"}],
    }


def test_no_match_is_an_empty_list(acme: Shop) -> None:
    assert acme.ok("search", {"filters": {"cardNumber": "none"}})["cards"] == []


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"cardNumber": "ada"}, ["ada"]),
        ({"cardNumber": "ADA"}, []),
        ({"email": "ada@example.COM"}, ["ada"]),
        ({"email": "ada@example"}, []),
        ({"firstName": "grace"}, ["grace", "other"]),
        ({"firstName": "Grace", "lastName": "HOPPER"}, ["grace"]),
        ({"lastName": "hop"}, []),
        ({"phone": "415-555-0100"}, ["ada"]),
        ({"phone": "+14155550102"}, ["other"]),
        ({"mobilePhone": "4155550101"}, ["grace"]),
        ({"phone": "4155550101"}, []),
        ({"phone": "no number"}, []),
        ({"cardNumber": "ada", "firstName": "Grace"}, []),
        ({"cardNumber": "ada", "firstName": "Ada"}, ["ada"]),
        ({}, ["ada", "grace", "other", "nobody"]),
        ({"unknownFilter": "x"}, []),
        ({"email": None, "cardNumber": None}, []),
        ({"email": ""}, []),
        ({"email": "", "cardNumber": ""}, []),
        ({"cardNumber": "ada", "email": ""}, []),
        ({"cardNumber": "ada", "email": None}, ["ada"]),
        ({"firstName": "%"}, []),
        ({"firstName": "_da"}, []),
    ],
)
def test_filters(people: Shop, filters: dict[str, Any], found: list[str]) -> None:
    assert numbers(people, filters) == found


@pytest.mark.parametrize(
    ("filters", "used"),
    [
        ({"cardNumber": "ada"}, False),
        ({"customCardNumber": "x"}, False),
        ({"cardNumber": "ada", "customCardNumber": "x"}, False),
        ({"cardNumber": "ada", "email": None}, False),
        ({}, True),
        ({"email": "x"}, True),
        ({"cardNumber": "ada", "firstName": "Ada"}, True),
    ],
)
def test_used_cache_is_false_for_numbers_only(people: Shop, filters: dict[str, Any], used: bool) -> None:
    assert people.ok("search", {"filters": filters})["usedCache"] is used


def test_phones_are_read_with_the_locations_country_first(people: Shop) -> None:
    person(people, "brit", phone="+442079460018")
    Location.objects.filter(pk=people.other_location.pk).update(country="GB")
    publish_config(brand_id=people.brand.pk)
    body = {"filters": {"phone": "020 7946 0018"}}
    assert people.ok("search", body)["cards"] == []
    found = people.ok("search", body, Location="harbour", Terminal="till-9")["cards"]
    assert [each["cardNumber"] for each in found] == ["brit"]


def test_paging_is_in_the_order_of_making(acme: Shop) -> None:
    cards = [acme.card() for _ in range(12)]
    assert numbers(acme, {}) == cards[:10]
    assert numbers(acme, {}, limit=25) == cards
    assert numbers(acme, {}, limit=2, offset=10) == cards[10:]
    assert numbers(acme, {}, offset=1000) == []


@pytest.mark.parametrize("more", [{"limit": 0}, {"limit": 26}, {"offset": -1}, {"offset": 1001}])
def test_paging_out_of_bounds_answers_9(acme: Shop, more: dict[str, int]) -> None:
    refused(acme, 9, "search", {"filters": {}} | more)


def test_inactive_cards_are_hidden_unless_asked_for_by_number(acme: Shop) -> None:
    card, free = acme.card(), rack(acme, "free")
    set_status(acme, card, "Suspended")
    assert numbers(acme, {}) == []
    assert numbers(acme, {"cardNumber": card}) == []
    for number, status in ((card, "Suspended"), (free, "Inventory")):
        body = {"filters": {"cardNumber": number}, "includeInactive": True}
        assert [each["cardStatus"] for each in acme.ok("search", body)["cards"]] == [status]


def test_an_active_card_shows_its_status_only_with_include_inactive(acme: Shop) -> None:
    card = acme.card()
    assert "cardStatus" not in acme.ok("search", {"filters": {"cardNumber": card}})["cards"][0]
    body = {"filters": {"cardNumber": card}, "includeInactive": True}
    assert acme.ok("search", body)["cards"][0]["cardStatus"] == "Activated"


@pytest.mark.parametrize("filters", [{}, {"email": "x"}, {"cardNumber": "x", "firstName": "y"}])
def test_include_inactive_with_anything_else_answers_9(acme: Shop, filters: dict[str, str]) -> None:
    refused(acme, 9, "search", {"filters": filters, "includeInactive": True})


def test_balances_of_a_card_without_any_are_an_empty_list(acme: Shop) -> None:
    body = {"filters": {"cardNumber": acme.card()}, "returnFields": {"balances": True}}
    assert acme.ok("search", body)["cards"][0]["balances"] == []


def test_one_entry_for_what_is_free_and_one_for_each_hold(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    acme.issue(card, 10, isReturnRelated=True)
    acme.issue(card, 10, issuedBalanceExpiration="2099-01-01 00:00:00")
    holds = [acme.hold(card, 1), acme.hold(card, 2)]
    seen = acme.balances(card)
    assert [(each["amount"], each["isHold"]) for each in seen] == [(27, False), (1, True), (2, True)]
    assert [each["holdingTransactionId"] for each in seen[1:]] == holds
    assert {each["scale"] for each in seen} == {2}


def test_return_fields_show_what_there_is_and_leave_out_the_rest(acme: Shop) -> None:
    card = pinned(acme, "A-1", "0042")
    fields = dict.fromkeys(("customer", "isEnrolled", "customCardNumber", "activationDate", "pin"), True)
    seen = acme.ok("search", {"filters": {"cardNumber": card}, "returnFields": fields})["cards"][0]
    assert (seen.pop("pin"), seen.pop("activationDate")[10:]) == ("0042", " 00:00:00")
    assert seen == {"cardNumber": card, "cardSetId": "gift-cards", "isEnrolled": False}


def test_switched_off_return_fields_are_left_out_and_not_refused(acme: Shop) -> None:
    card = pinned(acme, "A-1")
    change_brand(acme, features=[])
    body = {"filters": {"cardNumber": card}, "returnFields": {"pin": True, "activationDate": True, "segments": True}}
    assert acme.ok("search", body)["cards"] == [{"cardNumber": card, "cardSetId": "gift-cards"}]


def test_prefixes_that_are_switched_off_answer_9(acme: Shop) -> None:
    change_brand(acme, features=[])
    refused(acme, 9, "search", {"filters": {"firstNamePrefix": "Ada"}})


def test_version_1_leaves_newer_fields_out(acme: Shop) -> None:
    card = pinned(acme, "A-1")
    change_brand(acme, api_version=1)
    body = {"filters": {"cardNumber": card}, "returnFields": {"pin": True, "isEnrolled": True, "balances": True}}
    assert acme.ok("search", body)["cards"][0].keys() == {"cardNumber", "cardSetId", "isEnrolled", "balances"}


def test_the_index_is_current_at_once(acme: Shop) -> None:
    card = person(acme, "ada", email="old@example.com")
    acme.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"email": "new@example.com"}})
    assert (numbers(acme, {"email": "old@example.com"}), numbers(acme, {"email": "new@example.com"})) == ([], [card])


def test_amounts_have_the_digits_of_their_scale(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, Decimal("1234.5"))
    body = {"filters": {"cardNumber": card}, "returnFields": {"balances": True}}
    assert '"amount":1234.50,' in acme.ok("search", body).text


def test_a_child_card_has_no_custom_number_to_be_found_by(acme: Shop) -> None:
    acme.ok("allocateChildCard", {"cardNumber": acme.card(), "childCardNumber": "kid"})
    body = {"filters": {}, "childFilters": {"customCardNumber": "x"}, "returnFields": {"childCards": True}}
    assert acme.ok("search", body)["cards"] == []
