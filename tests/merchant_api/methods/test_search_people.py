"""search over the wire: everybody around a card in full, and children by how they are reached."""

from typing import Any

import pytest

from apps.customers.operations.create_demographic_field import create_demographic_field
from tests.merchant_api.methods.test_search import numbers
from tests.merchant_api.methods.test_search_children import root
from tests.merchant_api.methods.test_search_shown import give, shown, update
from tests.merchant_api.methods.test_update_account import EVERYTHING
from tests.merchant_api.steady import refused
from tests.shop import Shop

STORED = {
    "firstName": "first_name",
    "middleName": "middle_name",
    "lastName": "last_name",
    "mobilePhone": "mobile_phone",
}


def plain(customer: dict[str, Any]) -> dict[str, Any]:
    return {name: float(value) if name.endswith("tude") else value for name, value in customer.items()}


def test_the_second_customer_is_shown_in_full_without_the_opt_ins_of_the_first(acme: Shop) -> None:
    card = acme.card()
    both = [{"thirdParty": channel, "optIn": True} for channel in ("email", "phone")]
    update(acme, card, primaryCustomer={"firstName": "Ada"}, alternateCustomer=EVERYTHING, thirdPartyUpdates=both)
    seen = shown(acme, card, "customer", "alternateCustomer")
    assert seen["customer"] == {"firstName": "Ada", "emailPref": "I", "phonePref": "I"}
    assert plain(seen["alternateCustomer"]) == EVERYTHING


def test_the_giver_is_shown_in_full_without_the_opt_ins_of_the_card(acme: Shop) -> None:
    card = acme.card()
    give(acme, card, **{STORED.get(name, name): value for name, value in EVERYTHING.items()})
    update(acme, card, thirdPartyUpdates=[{"thirdParty": "email", "optIn": True}])
    assert plain(shown(acme, card, "giverCustomer")["giverCustomer"]) == EVERYTHING


@pytest.mark.parametrize(
    "child_filters",
    [
        {"phone": "(415) 555-0123"},
        {"mobilePhone": "+14155550124"},
        {"customDemographics": [{"fieldName": "colour", "textValue": "red"}]},
    ],
)
def test_cards_are_found_by_the_phones_and_fields_of_their_children(acme: Shop, child_filters: dict[str, Any]) -> None:
    create_demographic_field(brand=acme.brand, code="colour", name="Colour", data_type="string")
    root(acme, "ada", kid={"phone": "+14155550123", "mobilePhone": "+14155550124"}, other={"firstName": "Kim"})
    red = [{"fieldName": "colour", "value": "red"}]
    acme.ok("updateAccount", {"cardNumber": "ada", "childCardNumber": "kid", "brandDemographics": red})
    update(acme, acme.card("bea"), primaryCustomer={"phone": "+14155550123"}, brandDemographics=red)
    assert numbers(acme, {}, childFilters=child_filters) == ["ada"]


def test_children_cannot_be_told_apart_by_sets_which_they_have_none_of(acme: Shop) -> None:
    body = {"filters": {}, "childFilters": {"firstName": "Kim", "excludeCardSetIds": ["gift-cards"]}}
    refused(acme, 9, "search", body)


def test_movements_of_a_checkout_say_their_kind(acme: Shop) -> None:
    card, kind = acme.card(), {"balanceType": "Currency", "balanceCode": "USD"}
    acme.issue(card, 50, issuedBalanceExpiration="2099-01-01 00:00:00")
    pay = kind | {"amount": 7, "redeemBalance": True}
    acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 12, "paymentMethods": [pay]})
    (seen,) = shown(acme, card, "checkouts", "checkoutMutations")["checkouts"]
    assert seen["mutations"] == [kind | {"amount": -7, "isDiscount": False}]
