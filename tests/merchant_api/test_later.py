"""What comes later, as it answers at the wire: input 9, methods 17, return fields left out. The list is compared."""

import re
from typing import Any

import pytest

from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.kernel.methods import METHODS as PUBLISHED
from apps.merchant_api.later import LATER_INPUT, LATER_METHODS, LATER_RETURN
from apps.merchant_api.table import METHODS
from apps.merchant_api.wire.spec import Field, fields_of
from tests.coupons.booklet import given
from tests.facts.test_recommended import sells, together
from tests.facts.test_score_customers import buyers, score
from tests.merchant_api.methods.test_search_derived import message
from tests.merchant_api.methods.test_search_shown import give
from tests.merchant_api.steady import change_brand, refused
from tests.merchant_api.wire.test_later import body as with_field
from tests.merchant_api.wire.test_later import example, field_at
from tests.segments.lists import segment_of
from tests.shop import Shop, usd

FEATURES = ["createIfNew", "prefixes", "recommendations", "segments", "mailings", "pin", "activationDate"]
INPUT = [(method, path) for method, paths in LATER_INPUT.items() for path in paths]
RETURN = [(method, path) for method, paths in LATER_RETURN.items() for path in paths]


@pytest.fixture
def card(acme: Shop) -> str:
    """An active card of a brand with every feature on."""
    change_brand(acme, features=[*FEATURES, "customMutationType", "customRequestDate"])
    card = acme.card()
    acme.issue(card, 10)
    acme.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"firstName": "Ada"}, "countAsEnrollment": True})
    return card


def working(card: str) -> dict[str, dict[str, Any]]:
    """For each method a body that succeeds."""
    return {
        "cardHistory": {"cardNumber": card},
        "checkout": {"cardNumber": card, "checkoutTotal": 5},
        "search": {"filters": {"cardNumber": card}},
        "updateAccount": {"cardNumber": card},
        "updateBalance": usd(card, "redeem", 1),
        "voidTransaction": {"cardNumber": card, "requestRef": "x"},
    }


def merged(base: dict[str, Any], more: dict[str, Any], path: str) -> dict[str, Any]:
    """The working body with the one field of `path` from another body."""
    first, _, second = path.partition(".")
    if not second:
        return base | {first: more[first]}
    return base | {first: base.get(first, {}) | {second: more[first][second]}}


@pytest.mark.parametrize(("method", "path"), INPUT)
def test_later_input_answers_9_by_its_name(acme: Shop, card: str, method: str, path: str) -> None:
    body = merged(working(card)[method], with_field(method, path, example(field_at(method, path))), path)
    assert refused(acme, 9, method, body)["errorMessage"].startswith(f"{path} is not available yet")


@pytest.mark.parametrize("method", sorted(LATER_INPUT))
def test_later_input_at_its_default_is_as_if_absent(acme: Shop, card: str, method: str) -> None:
    body = working(card)[method]
    for path in LATER_INPUT[method]:
        field = field_at(method, path)
        empty: Any = [] if field.many else {} if field.model else field.default
        body = merged(body, with_field(method, path, empty), path)
    assert acme.post(method, body).code == (29 if method == "voidTransaction" else None)


@pytest.mark.parametrize("method", sorted(LATER_METHODS))
def test_later_methods_answer_17(acme: Shop, method: str) -> None:
    assert refused(acme, 17, method, {}).status == 404


def test_every_published_method_is_here_or_later() -> None:
    assert set(METHODS) | LATER_METHODS == set(PUBLISHED)
    assert not set(METHODS) & LATER_METHODS


@pytest.mark.parametrize(("method", "path"), RETURN)
def test_later_return_fields_add_nothing_to_the_answer(acme: Shop, card: str, method: str, path: str) -> None:
    body = working(card)[method]
    plain = acme.ok(method, body)
    asked = acme.ok(method, merged(body, with_field(method, path, example(field_at(method, path))), path))
    assert asked.body | {"requestRef": 0} == plain.body | {"requestRef": 0}


def switches(method: str) -> set[str]:
    """The paths of the switches that ask for more in the answer."""
    model = METHODS[method].request

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


def test_each_return_field_of_search_is_here_or_later(acme: Shop, card: str) -> None:
    """A switch that adds nothing although there is something to show must stand in the list."""
    furnished(acme, card)

    def seen(fields: dict[str, Any]) -> Any:
        return acme.ok("search", {"filters": {"cardNumber": card}, "returnFields": fields})["cards"]

    bases: list[dict[str, Any]] = [{}, {"balances": True}, {"checkouts": True}]
    silent = set()
    for path in sorted(switches("search")):
        asked = {path.removeprefix("returnFields."): example(field_at("search", path))}
        if all(seen(base | asked) == seen(base) for base in bases):
            silent.add(path)
    assert silent == set(LATER_RETURN.get("search", ()))
