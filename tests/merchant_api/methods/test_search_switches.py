"""Each switch of a search that asks for more shows something of a card that has something of everything."""

import re
from typing import Any

import pytest

from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.merchant_api.methods.search import SearchRequest
from apps.merchant_api.wire.spec import Field, fields_of
from tests.coupons.booklet import given
from tests.facts.test_recommended import sells, together
from tests.facts.test_score_customers import buyers, score
from tests.merchant_api.methods.test_search_derived import message
from tests.merchant_api.methods.test_search_shown import give
from tests.merchant_api.steady import change_brand
from tests.segments.lists import segment_of
from tests.shop import Shop

FEATURES = ["createIfNew", "prefixes", "recommendations", "segments", "mailings", "pin", "activationDate"]


@pytest.fixture
def card(acme: Shop) -> str:
    """An active card of a brand with every feature on."""
    change_brand(acme, features=[*FEATURES, "customMutationType", "customRequestDate"])
    card = acme.card()
    acme.issue(card, 10)
    acme.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"firstName": "Ada"}, "countAsEnrollment": True})
    return card


def switches() -> set[str]:
    """The paths of the switches that ask for more in the answer."""
    model = SearchRequest

    def below(fields: tuple[Field, ...], prefix: str) -> set[str]:
        return {prefix + field.name for field in fields if re.match("include|return|with", field.name) or prefix}

    fields = {field.name: field for field in fields_of(model)}
    nested = fields["returnFields"].model if "returnFields" in fields else None
    return below(tuple(fields_of(nested)), "returnFields.") if nested else set()


def furnished(shop: Shop, card: str) -> None:
    """Give a card something of everything that a search can show."""
    create_demographic_field(brand=shop.brand, code="colour", name="Colour", data_type="string")
    shop.ok("createEventType", {"categoryId": "seen"})
    changes = {
        "customCardNumber": "mine",
        "alternateCustomer": {"firstName": "Bea"},
        "brandDemographics": [{"fieldName": "colour", "value": "red"}],
        "newEvents": [{"categoryId": "seen"}],
        "thirdPartyUpdates": [{"thirdParty": "custom", "customData": "x"}],
    }
    shop.ok("updateAccount", {"cardNumber": card} | changes)
    give(shop, card, first_name="Carl")
    given(shop, "A-1", cardNumber=card, promotionId="spring")
    shop.issue(card, 3, issuedBalanceExpiration="2099-01-01 00:00:00")
    shop.issue(card, 3, issuedBalanceActivation="2098-01-01 00:00:00")
    shop.ok("checkout", {"cardNumber": card, "checkoutTotal": 3})
    shop.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": "kid"})
    segment_of(shop, "vip", card)
    bought = shop.ok("checkout", {"cardNumber": card, "products": [{"sku": "milk", "unitPrice": 1}]})
    message(shop, card, bought["requestRef"])
    sells(shop, "milk", "eggs")
    together(shop, ("milk", "eggs", 1))
    buyers(shop)
    score(shop)


def test_each_return_field_of_search_shows_something(acme: Shop, card: str) -> None:
    """No switch adds nothing although there is something to show."""
    furnished(acme, card)

    def seen(fields: dict[str, Any]) -> Any:
        return acme.ok("search", {"filters": {"cardNumber": card}, "returnFields": fields})["cards"]

    bases: list[dict[str, Any]] = [{}, {"balances": True}, {"checkouts": True}]
    for path in sorted(switches()):
        asked = {path.removeprefix("returnFields."): _example(path)}
        assert any(seen(base | asked) != seen(base) for base in bases), path


def _example(path: str) -> Any:
    """What asks for more: true, or a number."""
    model, kind = SearchRequest, ""
    for name in path.split("."):
        field = {each.name: each for each in fields_of(model)}[name]
        model, kind = field.model, field.kind  # type: ignore[assignment]
    return {"boolean": True, "integer": 1}[kind]
