"""updateAccount over the wire: the customer, the custom number, enrolment."""

from datetime import timedelta
from typing import Any

import pytest

from apps.brands.models import Location
from apps.brands.operations.publish_config import publish_config
from tests.merchant_api.steady import NOW, ahead, change_brand, close_books, history, rack, refused, set_status
from tests.shop import Shop


def customer(shop: Shop, card: str) -> dict[str, Any]:
    body = {"filters": {"cardNumber": card}, "returnFields": {"customer": True}}
    found: dict[str, Any] = shop.ok("search", body)["cards"][0].get("customer", {})
    return found


def update(shop: Shop, card: str, **fields: Any) -> None:
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": fields})


def find(shop: Shop, **filters: Any) -> list[str]:
    return [card["cardNumber"] for card in shop.ok("search", {"filters": filters})["cards"]]


EVERYTHING = {
    "firstName": "Ada",
    "middleName": "King",
    "lastName": "Lovelace",
    "email": "Ada@Example.com",
    "phone": "+14155550123",
    "mobilePhone": "+14155550124",
    "birthday": "1815-12-10",
    "anniversary": "1835-07-08",
    "gender": "F",
    "address1": "12 St James's Square",
    "address2": "Flat 1",
    "city": "London",
    "state": "England",
    "postal": "SW1Y 4JH",
    "country": "GB",
    "latitude": 51.5,
    "longitude": -0.125,
}


def test_everything_that_is_sent_comes_back(acme: Shop) -> None:
    card = acme.card()
    update(acme, card, **EVERYTHING)
    seen = customer(acme, card)
    assert {name: float(seen[name]) if name.endswith("tude") else seen[name] for name in EVERYTHING} == EVERYTHING


def test_the_answer_holds_nothing_but_its_reference(acme: Shop) -> None:
    reply = acme.ok("updateAccount", {"cardNumber": acme.card(), "primaryCustomer": {"firstName": "Ada"}})
    assert reply.body == {"requestRef": reply["requestRef"], "success": True}


def test_null_skips_and_an_empty_text_clears(acme: Shop) -> None:
    card = acme.card()
    update(acme, card, **EVERYTHING)
    update(acme, card, firstName=None, lastName="", birthday="", gender="", phone="", country="", anniversary=None)
    seen = customer(acme, card)
    assert {"lastName", "birthday", "gender", "phone", "country"}.isdisjoint(seen)
    assert (seen["firstName"], seen["anniversary"], seen["mobilePhone"]) == ("Ada", "1835-07-08", "+14155550124")


def test_other_fields_stay_as_they_are(acme: Shop) -> None:
    card = acme.card()
    update(acme, card, firstName="Ada", lastName="Lovelace")
    update(acme, card, lastName="King")
    assert customer(acme, card) == {"firstName": "Ada", "lastName": "King"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"phone": "123 456 7890"}, "+11234567890"),
        ({"phone": "(415) 555-0123"}, "+14155550123"),
        ({"phone": "020 7946 0018", "country": "GB"}, "+442079460018"),
        ({"phone": "+49 30 123456"}, "+4930123456"),
    ],
)
def test_phones_are_stored_as_e164(acme: Shop, fields: dict[str, str], expected: str) -> None:
    card = acme.card()
    update(acme, card, **fields)
    assert customer(acme, card)["phone"] == expected


def test_the_country_of_a_phone_is_the_requests_else_the_stored_else_the_locations(acme: Shop) -> None:
    card, number = acme.card(), "020 7946 0018"
    Location.objects.filter(pk=acme.other_location.pk).update(country="GB")
    publish_config(brand_id=acme.brand.pk)
    body = {"cardNumber": card, "primaryCustomer": {"phone": number}}
    acme.ok("updateAccount", body, Location="harbour", Terminal="till-9")
    assert customer(acme, card)["phone"] == "+442079460018"
    update(acme, card, country="DE")
    update(acme, card, phone="030 123456")
    assert customer(acme, card)["phone"] == "+4930123456"
    update(acme, card, phone="(415) 555-0123", country="US")
    assert customer(acme, card)["phone"] == "+14155550123"


@pytest.mark.parametrize(
    "fields",
    [
        {"phone": "not a number"},
        {"phone": "12"},
        {"mobilePhone": "+999"},
        {"email": "nobody"},
        {"email": "two words@example.com"},
        {"country": "USA"},
        {"country": "1A"},
        {"gender": "X"},
        {"firstName": "x" * 41},
        {"lastName": "x" * 91},
        {"phone": "1" * 19},
        {"postal": "x" * 11},
        {"latitude": 90.1},
        {"longitude": "-180.5"},
        {"firstName": "Ada", "phone": "12"},
    ],
)
def test_values_that_cannot_be_answer_9(acme: Shop, fields: dict[str, Any]) -> None:
    card = acme.card()
    update(acme, card, firstName="Grace")
    refused(acme, 9, "updateAccount", {"cardNumber": card, "primaryCustomer": fields})


@pytest.mark.parametrize(
    "body",
    [
        {"primaryCustomer": {"birthday": "10.12.1815"}},
        {"primaryCustomer": {"birthday": "2023-02-29"}},
        {"primaryCustomer": {"firstName": True}},
        {"primaryCustomer": {"latitude": "north"}},
        {"primaryCustomer": []},
        {"countAsEnrollment": "yes"},
        {"customCardNumber": ["x"]},
    ],
)
def test_wrong_types_and_dates_answer_6(acme: Shop, body: dict[str, Any]) -> None:
    refused(acme, 6, "updateAccount", {"cardNumber": acme.card()} | body)


# --- custom number ---------------------------------------------------------------------------------------------------


def test_a_custom_number_finds_the_card_and_can_be_replaced_and_removed(acme: Shop) -> None:
    card = acme.card()
    for number in ("one", "two"):
        acme.ok("updateAccount", {"cardNumber": card, "customCardNumber": number})
        assert find(acme, customCardNumber=number) == [card]
    assert find(acme, customCardNumber="one") == []
    acme.ok("updateAccount", {"cardNumber": card, "customCardNumber": None})
    assert find(acme, customCardNumber="two") == [card]
    acme.ok("updateAccount", {"cardNumber": card, "customCardNumber": ""})
    assert find(acme, customCardNumber="two") == []


def test_a_custom_number_has_64_characters_at_most(acme: Shop) -> None:
    card = acme.card()
    acme.ok("updateAccount", {"cardNumber": card, "customCardNumber": "x" * 64})
    refused(acme, 9, "updateAccount", {"cardNumber": card, "customCardNumber": "x" * 65})


def test_two_cards_may_share_a_custom_number(acme: Shop) -> None:
    cards = [acme.card(), acme.card()]
    for card in cards:
        acme.ok("updateAccount", {"cardNumber": card, "customCardNumber": 4711})
    assert find(acme, customCardNumber="4711") == cards


# --- enrolment -------------------------------------------------------------------------------------------------------


def enrolment(shop: Shop, card: str) -> tuple[bool, str | None]:
    body = {"filters": {"cardNumber": card}, "returnFields": {"isEnrolled": True}}
    found = shop.ok("search", body)["cards"][0]
    return found["isEnrolled"], found.get("enrollmentDate")


def test_enrolment_happens_once_and_keeps_its_date(acme: Shop) -> None:
    card = acme.card()
    assert enrolment(acme, card) == (False, None)
    enrol = {"cardNumber": card, "countAsEnrollment": True}
    acme.ok("updateAccount", enrol | {"customRequestDate": "2024-02-29 23:59:59"})
    acme.ok("updateAccount", enrol)
    assert enrolment(acme, card) == (True, "2024-02-29")


def test_an_update_without_the_flag_does_not_enrol(acme: Shop) -> None:
    card = acme.card()
    acme.ok("updateAccount", {"cardNumber": card, "countAsEnrollment": False, "customCardNumber": "x"})
    assert enrolment(acme, card) == (False, None)


def test_an_empty_update_is_a_transaction_all_the_same(acme: Shop) -> None:
    card = acme.card()
    reference = acme.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {}})["requestRef"]
    row = history(acme, card)[0]
    assert (row["callType"], row["requestRef"], row["balanceUpdates"]) == ("UPDATE_ACCOUNT", reference, [])


# --- refusals --------------------------------------------------------------------------------------------------------


def test_unknown_and_inactive_cards_answer_2_and_11(acme: Shop) -> None:
    refused(acme, 2, "updateAccount", {"cardNumber": "none"})
    refused(acme, 11, "updateAccount", {"cardNumber": rack(acme, "A-1")})
    card = acme.card()
    set_status(acme, card, "Suspended")
    refused(acme, 11, "updateAccount", {"cardNumber": card})


def test_custom_request_date_in_the_future_or_in_a_closed_period_answers_9(acme: Shop) -> None:
    card = acme.card()
    close_books(acme, NOW - timedelta(days=10))
    for moment in (ahead(hours=1), "2024-01-01 00:00:00"):
        body = {"cardNumber": card, "customCardNumber": "x", "customRequestDate": moment}
        refused(acme, 9, "updateAccount", body)


def test_one_customer_per_card(acme: Shop) -> None:
    card, other = acme.card(), acme.card()
    update(acme, card, firstName="Ada")
    update(acme, other, firstName="Grace")
    assert [customer(acme, each)["firstName"] for each in (card, other)] == ["Ada", "Grace"]


def test_personal_data_is_not_lost_by_version_1(acme: Shop) -> None:
    card = acme.card()
    change_brand(acme, api_version=1)
    update(acme, card, firstName="Ada")
    assert customer(acme, card) == {"firstName": "Ada"}
