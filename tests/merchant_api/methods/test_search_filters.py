"""search over the wire: sets, programs, prefixes, the brand's own fields, any instead of all."""

from typing import Any

import pytest

from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.programs.models import CardSet
from apps.programs.operations.create_card_set import create_card_set
from tests.merchant_api.methods.test_search import numbers, person
from tests.merchant_api.steady import change_brand, rack, refused
from tests.shop import Shop


@pytest.fixture
def people(acme: Shop) -> Shop:
    """Ada and Adam in the gift set, Bea in the loyalty set, Carl in a second gift set; colours of three of them."""
    create_demographic_field(brand=acme.brand, code="colour", name="Colour", data_type="string", is_multiple=True)
    second = create_card_set(brand=acme.brand, program=acme.gift, code="second", name="Second")
    _person(acme, "ada", acme.gift_set, ["Red"], firstName="Ada", lastName="Lovelace", email="ada@example.com")
    _person(acme, "adam", acme.gift_set, ["red", "Blue"], firstName="Adam", lastName="Lovell", phone="+14155550100")
    _person(acme, "bea", acme.loyalty_set, ["blue"], firstName="Bea", lastName="Lovelace")
    _person(acme, "carl", second, [], firstName="Carl", lastName="100%")
    return acme


def _person(shop: Shop, number: str, card_set: CardSet, colours: list[str], **customer: str) -> None:
    card = shop.card(number, card_set=card_set)
    values = [{"stringValue": each} for each in colours]
    fields = [{"fieldName": "colour", "values": values}] if values else []
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": customer, "brandDemographics": fields})


def colour(*texts: str) -> dict[str, Any]:
    return {"customDemographics": [{"fieldName": "colour", "textValue": text} for text in texts]}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"lastName": "lovelace", "cardSetId": "gift-cards"}, ["ada"]),
        ({"lastName": "lovelace", "cardSetId": "none"}, []),
        ({"lastName": "lovelace", "excludeCardSetIds": ["gift-cards"]}, ["bea"]),
        ({"lastName": "lovelace", "excludeCardSetIds": ["none", ""]}, ["ada", "bea"]),
        ({"programTypes": ["gift"]}, ["ada", "adam", "carl"]),
        ({"programTypes": ["Loyalty", "combo"]}, ["bea"]),
        ({"programTypes": ["none"]}, []),
        ({"programTypes": ["gift"], "excludeCardSetIds": ["gift-cards"]}, ["carl"]),
        ({"programTypes": ["gift"], "cardSetId": "loyalty-cards"}, []),
        ({"programTypes": []}, []),
        ({"excludeCardSetIds": [], "customDemographics": []}, []),
        (colour("RED"), ["ada", "adam"]),
        (colour("red", "blue"), ["adam"]),
        (colour("re"), []),
        (colour("red") | {"firstName": "ada"}, ["ada"]),
        ({"customDemographics": [{"fieldName": "size", "textValue": "red"}]}, []),
        ({"firstNamePrefix": "ada", "lastNamePrefix": "lov"}, ["ada", "adam"]),
        ({"firstNamePrefix": "ADA", "lastNamePrefix": "lovelace"}, ["ada"]),
        ({"firstNamePrefix": "xyz", "lastNamePrefix": "lov"}, []),
        ({"firstNamePrefix": "%%%", "lastNamePrefix": "___"}, []),
        ({"lastNamePrefix": "1", "firstName": "carl"}, ["carl"]),
        ({"lastNamePrefix": "100%", "programTypes": ["gift"]}, ["carl"]),
        ({"firstNamePrefix": "a", "programTypes": ["gift"]}, ["ada", "adam"]),
        ({"firstNamePrefix": "", "programTypes": ["gift"]}, []),
    ],
)
def test_filters(people: Shop, filters: dict[str, Any], found: list[str]) -> None:
    assert numbers(people, filters) == found


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"email": "ada@example.com", "firstName": "bea"}, ["ada", "bea"]),
        ({"cardNumber": "carl", "phone": "4155550100"}, ["adam", "carl"]),
        ({"phone": "no phone", "firstName": "bea"}, ["bea"]),
        ({"lastName": "lovelace", "firstName": "adam", "cardSetId": "gift-cards"}, ["ada", "adam"]),
        ({"lastName": "lovelace", "firstName": "adam", "excludeCardSetIds": ["gift-cards"]}, ["bea"]),
        ({"lastName": "lovelace", "firstName": "carl", "programTypes": ["loyalty"]}, ["bea"]),
        (colour("blue") | {"firstName": "ada"}, ["ada", "adam", "bea"]),
        (colour("blue", "red"), ["ada", "adam", "bea"]),
        ({"firstNamePrefix": "car", "lastNamePrefix": "lov"}, ["ada", "adam", "bea", "carl"]),
        ({"email": "", "firstName": "bea"}, []),
        ({"firstName": "nobody", "cardNumber": "none"}, []),
        ({}, ["ada", "adam", "bea", "carl"]),
    ],
)
def test_any_filter_is_enough_but_sets_and_programs_restrict(
    people: Shop, filters: dict[str, Any], found: list[str]
) -> None:
    assert numbers(people, filters, filterLogicAnd=False) == found


def test_any_pages_like_all(people: Shop) -> None:
    either = {"lastName": "lovelace", "firstName": "adam"}
    assert numbers(people, either, filterLogicAnd=False, limit=1, offset=1) == ["adam"]
    assert numbers(people, either, filterLogicAnd=False, offset=3) == []


@pytest.mark.parametrize(
    ("filters", "more"),
    [
        ({"cardSetId": "gift-cards"}, {}),
        ({"excludeCardSetIds": ["gift-cards"]}, {}),
        ({"cardSetId": "gift-cards", "excludeCardSetIds": ["second"]}, {}),
        ({"lastNamePrefix": "lovelace"}, {}),
        ({"firstNamePrefix": "ad", "lastNamePrefix": "lovelace"}, {}),
        ({"lastNamePrefix": "lov", "cardSetId": "gift-cards"}, {}),
        ({"lastNamePrefix": "lov", "firstName": "ada"}, {"filterLogicAnd": False}),
        (colour(*"abcdefghijk"), {}),
        ({}, {"childFilters": {"cardSetId": "gift-cards", "firstName": "x"}}),
        ({}, {"childFilters": {"programTypes": ["gift"]}}),
        ({}, {"childFilters": {"firstNamePrefix": "ada"}}),
        ({}, {"returnFields": {"recommendationAmount": 3}}),
        ({"email": "x"}, {"includeInactive": True}),
    ],
)
def test_what_would_find_too_much_answers_9(acme: Shop, filters: dict[str, Any], more: dict[str, Any]) -> None:
    change_brand(acme, features=[*acme.brand.features, "recommendations"])
    refused(acme, 9, "search", {"filters": filters} | more)


@pytest.mark.parametrize("missing", [{"textValue": ""}, {"fieldName": ""}, {"textValue": None}])
def test_a_demographic_without_a_name_or_a_value_answers_6(acme: Shop, missing: dict[str, Any]) -> None:
    whole = {"fieldName": "colour", "textValue": "red"}
    refused(acme, 6, "search", {"filters": {"customDemographics": [whole | missing]}})


@pytest.mark.parametrize("where", ["filters", "childFilters"])
def test_prefixes_that_are_switched_off_answer_9(acme: Shop, where: str) -> None:
    change_brand(acme, features=[])
    prefixes = {"firstNamePrefix": "ada", "lastNamePrefix": "lov"}
    refused(acme, 9, "search", {"filters": {}} | {where: prefixes})


def test_version_1_does_not_know_the_newer_filters(people: Shop) -> None:
    change_brand(people, api_version=1)
    assert numbers(people, colour("red")) == []
    assert numbers(people, {"email": "ada@example.com", "firstName": "bea"}, filterLogicAnd=False) == []


def test_a_brand_can_restrict_searches_to_some_programs(people: Shop) -> None:
    assert len(numbers(people, {})) == 4  # from here on, this process knows the brand without the restriction
    change_brand(people, search_program_types=["loyalty"])
    assert numbers(people, {}) == ["bea"]
    assert numbers(people, {"lastName": "lovelace"}) == ["bea"]
    assert numbers(people, {"cardNumber": "ada"}) == []
    assert numbers(people, {"lastName": "lovelace", "programTypes": ["gift"]}) == ["ada"]


def test_inactive_cards_of_a_set_stay_hidden(acme: Shop) -> None:
    rack(acme, "free")
    acme.card("one")
    assert numbers(acme, {"programTypes": ["gift"]}) == ["one"]


def test_a_pin_is_checked_on_the_named_card_only(acme: Shop) -> None:
    person(acme, "ada", firstName="Ada")
    person(acme, "bea", firstName="Bea")
    filters = {"cardNumber": "ada", "firstName": "Bea"}
    body = {"filters": filters, "filterLogicAnd": False, "forcePinValidation": True, "pin": "none"}
    refused(acme, 10, "search", body)
    assert numbers(acme, filters | {"cardNumber": "none"}, filterLogicAnd=False, forcePinValidation=True) == ["bea"]


def test_charlie_finds_nothing_of_acme(people: Shop, charlie: Shop) -> None:
    create_demographic_field(brand=charlie.brand, code="colour", name="Colour", data_type="string")
    prefixes = {"firstNamePrefix": "ada", "lastNamePrefix": "lov"}
    for filters in (colour("red"), prefixes, {"programTypes": ["gift"]}, prefixes | {"programTypes": ["gift"]}):
        assert numbers(charlie, filters) == []
    assert numbers(charlie, {"lastName": "lovelace", "cardNumber": "ada"}, filterLogicAnd=False) == []
