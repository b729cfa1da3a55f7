"""updateAccount over the wire: the second customer, and the people of child cards."""

from datetime import date
from typing import Any

import pytest

from apps.cards.models import Card, ChildCard
from apps.customers.core.roles import Role
from apps.customers.models import Customer
from tests.merchant_api.methods.test_update_account import EVERYTHING, find
from tests.merchant_api.methods.test_update_account import customer as primary
from tests.merchant_api.steady import history, pinned, refused
from tests.shop import Shop


def family(shop: Shop, child: str = "kid") -> str:
    """A card with a child."""
    card = shop.card()
    shop.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": child})
    return card


def people(shop: Shop, card: str) -> dict[Role, Customer]:
    """Everybody who belongs to a card or to a child of it, by role."""
    card_id = Card.objects.get(brand=shop.brand, number=card).pk
    return {Role(each.role): each for each in Customer.objects.filter(brand=shop.brand, card_id=card_id)}


def update(shop: Shop, card: str, **fields: Any) -> None:
    shop.ok("updateAccount", {"cardNumber": card} | fields)


# --- the second customer ---------------------------------------------------------------------------------------------


def test_everything_can_be_said_of_the_second_customer(acme: Shop) -> None:
    card = acme.card()
    update(acme, card, alternateCustomer=EVERYTHING | {"mobileOperatorId": "383"})
    stored = people(acme, card)[Role.ALTERNATE]
    assert (stored.first_name, stored.email, stored.phone) == ("Ada", "Ada@Example.com", "+14155550123")
    assert (stored.birthday, stored.gender, stored.mobile_operator_id) == (date(1815, 12, 10), "F", "383")
    assert (float(stored.latitude or 0), stored.country) == (51.5, "GB")
    assert Card.objects.get(brand=acme.brand, number=card).alternate_customer_id == stored.pk


def test_the_mobile_operator_is_kept_until_it_is_cleared(acme: Shop) -> None:
    card = acme.card()
    for said in ("383", ""):
        update(acme, card, primaryCustomer={"mobileOperatorId": said, "lastName": "Lovelace"})
        assert people(acme, card)[Role.PRIMARY].mobile_operator_id == said


def test_both_customers_are_changed_by_one_call_and_stay_apart(acme: Shop) -> None:
    card = acme.card()
    for last_name in ("One", "Two"):
        first, second = ({"firstName": name, "lastName": last_name} for name in ("Ada", "Grace"))
        update(acme, card, primaryCustomer=first, alternateCustomer=second)
    found = people(acme, card)
    assert {role: (each.first_name, each.last_name) for role, each in found.items()} == {
        Role.PRIMARY: ("Ada", "Two"),
        Role.ALTERNATE: ("Grace", "Two"),
    }


def test_the_second_customer_is_not_searched(acme: Shop) -> None:
    card = acme.card()
    update(acme, card, alternateCustomer={"email": "grace@example.com", "firstName": "Grace", "lastName": "Hopper"})
    assert find(acme, email="grace@example.com") == []
    assert find(acme, firstName="Grace", lastName="Hopper") == []
    assert primary(acme, card) == {}


def test_an_empty_text_clears_and_null_skips(acme: Shop) -> None:
    card = acme.card()
    update(acme, card, alternateCustomer=EVERYTHING)
    update(acme, card, alternateCustomer={"birthday": "", "phone": "", "latitude": "", "email": None})
    stored = people(acme, card)[Role.ALTERNATE]
    assert (stored.birthday, stored.phone, stored.latitude, stored.email) == (None, "", None, "Ada@Example.com")
    assert float(stored.longitude or 0) == -0.125


def test_degrees_of_the_first_customer_can_be_cleared_too(acme: Shop) -> None:
    card = acme.card()
    update(acme, card, primaryCustomer={"latitude": 1.5, "longitude": "2.25"})
    update(acme, card, primaryCustomer={"latitude": "", "longitude": None})
    assert {name: float(value) for name, value in primary(acme, card).items()} == {"longitude": 2.25}


def test_the_country_of_the_second_customers_phone_is_its_own(acme: Shop) -> None:
    card = acme.card()
    update(acme, card, primaryCustomer={"country": "US"}, alternateCustomer={"country": "GB"})
    update(acme, card, alternateCustomer={"phone": "020 7946 0018"})
    assert people(acme, card)[Role.ALTERNATE].phone == "+442079460018"


@pytest.mark.parametrize("fields", [{"phone": "12"}, {"email": "nobody"}, {"country": "1A"}, {"gender": "X"}])
def test_what_cannot_be_answers_9_by_its_name(acme: Shop, fields: dict[str, str]) -> None:
    body = {"cardNumber": acme.card(), "primaryCustomer": {"firstName": "Ada"}, "alternateCustomer": fields}
    assert refused(acme, 9, "updateAccount", body)["errorMessage"].startswith("alternateCustomer.")


def test_an_empty_second_customer_is_none(acme: Shop) -> None:
    card = acme.card()
    update(acme, card, alternateCustomer={}, primaryCustomer={"firstName": None})
    assert people(acme, card) == {}


# --- child cards -----------------------------------------------------------------------------------------------------


def test_a_child_has_customers_of_its_own(acme: Shop) -> None:
    card = family(acme)
    update(acme, card, primaryCustomer={"firstName": "Ada"})
    names = {"primaryCustomer": {"firstName": "Byron"}, "alternateCustomer": {"firstName": "Ralph"}}
    for _ in range(2):
        update(acme, card, childCardNumber="kid", **names)
    found = people(acme, card)
    assert {role: each.first_name for role, each in found.items()} == {
        Role.PRIMARY: "Ada",
        Role.CHILD: "Byron",
        Role.CHILD_ALTERNATE: "Ralph",
    }
    child = ChildCard.objects.get(brand=acme.brand, number="kid")
    assert (child.customer_id, child.alternate_customer_id) == (found[Role.CHILD].pk, found[Role.CHILD_ALTERNATE].pk)
    assert find(acme, firstName="Byron") == []


def test_an_update_of_a_child_is_a_transaction_of_its_family(acme: Shop) -> None:
    card = family(acme)
    body = {"cardNumber": card, "childCardNumber": "kid", "primaryCustomer": {"firstName": "Byron"}}
    reference = acme.ok("updateAccount", body)["requestRef"]
    assert reference in {row["requestRef"] for row in history(acme, card, childCardNumber="kid")}


def test_a_child_has_no_custom_number_and_no_enrolment(acme: Shop) -> None:
    child = {"cardNumber": family(acme), "childCardNumber": "kid"}
    refused(acme, 9, "updateAccount", child | {"customCardNumber": "mine"})
    refused(acme, 9, "updateAccount", child | {"countAsEnrollment": True})
    acme.ok("updateAccount", child | {"countAsEnrollment": False, "customCardNumber": None})


def test_an_unknown_child_answers_2(acme: Shop, charlie: Shop) -> None:
    card = family(acme)
    family(charlie, "theirs")
    for child in ("none", "theirs", "Kid"):
        body = {"cardNumber": card, "childCardNumber": child, "primaryCustomer": {"firstName": "x"}}
        refused(acme, 2, "updateAccount", body)


def test_the_pin_of_a_child_is_its_roots(acme: Shop) -> None:
    card = pinned(acme, "P-1")
    acme.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": "kid"})
    body = {"cardNumber": card, "childCardNumber": "kid", "forcePinValidation": True}
    refused(acme, 10, "updateAccount", body | {"pin": "9999"})
    acme.ok("updateAccount", body | {"pin": "0042"})
