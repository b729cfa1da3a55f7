"""customRequestId: unique in the brand for ever, over all methods; consumed by success only."""

from typing import Any

import pytest

from apps.requestlog.models import Key
from tests.coupons.booklet import booklet
from tests.merchant_api.steady import refused
from tests.shop import Shop, usd


def duplicate(shop: Shop, original: str, method: str, body: Any, custom_id: str) -> None:
    reply = refused(shop, 3, method, body, customRequestId=custom_id)
    assert reply["originalRequestRef"] == original
    assert reply["requestRef"] != original


def test_the_same_call_twice_acts_once(acme: Shop) -> None:
    card = acme.card()
    original = acme.ok("updateBalance", usd(card, "issue", 5), customRequestId="one")["requestRef"]
    for _ in range(2):
        duplicate(acme, original, "updateBalance", usd(card, "issue", 5), "one")
    assert acme.free(card) == 5


CALLS: dict[str, dict[str, Any]] = {
    "allocate": {"cardNumber": "new", "cardSetId": "gift-cards", "createIfNew": True},
    "updateBalance": usd("A-1", "issue", 5),
    "updateAccount": {"cardNumber": "A-1", "customCardNumber": "x"},
    "checkout": {"cardNumber": "A-1", "checkoutTotal": 5},
    "allocateCoupon": {"couponSetId": "summer", "couponId": "new", "createIfNew": True},
    "couponDetails": {"couponId": "A-1", "action": "details", "newCustomTags": ["x"]},
    "search": {"filters": {}},
    "cardHistory": {"cardNumber": "A-1"},
    "listValueTypes": {"cardSetId": "gift-cards"},
    "listRequests": {"externalTransactionId": "x"},
    "createEventType": {"categoryId": "call"},
    "listEventTypes": {},
}


@pytest.mark.parametrize("method", CALLS)
def test_an_id_is_unique_over_all_methods(acme: Shop, method: str) -> None:
    acme.card("A-1")
    booklet(acme, ["A-1"])
    original = acme.ok(method, CALLS[method], customRequestId="one")["requestRef"]
    for other, body in CALLS.items():
        duplicate(acme, original, other, body, "one")


def test_reactivate_void_and_lookups_consume_too(acme: Shop) -> None:
    card = acme.card()
    issued = acme.issue(card, 5)
    looked = acme.ok("requestLookup", {"requestRef": issued}, customRequestId="one")["requestRef"]
    voided = acme.ok("voidTransaction", {"cardNumber": card, "requestRef": issued}, customRequestId="two")["requestRef"]
    duplicate(acme, looked, "search", {"filters": {}}, "one")
    duplicate(acme, voided, "search", {"filters": {}}, "two")


@pytest.mark.parametrize(
    ("code", "method", "body"),
    [
        (13, "updateBalance", usd("A-1", "redeem", 5)),
        (9, "updateBalance", usd("A-1", "issue", 0)),
        (6, "updateBalance", {}),
        (2, "cardHistory", {"cardNumber": "none"}),
        (9, "checkout", {}),
        (16, "allocate", {"cardSetId": "gift-cards"}),
    ],
)
def test_a_refused_call_does_not_consume_it(acme: Shop, code: int, method: str, body: Any) -> None:
    acme.card("A-1")
    refused(acme, code, method, body, customRequestId="one")
    assert not Key.objects.filter(brand=acme.brand).exists()
    acme.ok("updateBalance", usd("A-1", "issue", 5), customRequestId="one")


def test_a_body_that_cannot_be_read_answers_before_the_duplicate(acme: Shop) -> None:
    card = acme.card()
    acme.ok("updateBalance", usd(card, "issue", 5), customRequestId="one")
    refused(acme, 6, "updateBalance", {}, customRequestId="one")
    refused(acme, 9, "updateBalance", usd(card, "issue", 0), customRequestId="one")


def test_the_duplicate_answers_before_all_that_needs_data(acme: Shop) -> None:
    original = acme.ok("search", {"filters": {}}, customRequestId="one")["requestRef"]
    for method, body in (
        ("updateBalance", usd("none", "issue", 5)),
        ("cardHistory", {"cardNumber": "none"}),
        ("allocate", {"cardSetId": "none"}),
        ("allocate", {"cardSetId": "gift-cards"}),
        ("voidTransaction", {"cardNumber": "none", "requestRef": "none"}),
        ("reactivate", {"cardNumber": "none", "forcePinValidation": True}),
        ("requestLookup", {"requestRef": "none"}),
        ("checkoutLookup", {"checkoutTransactionId": "none"}),
    ):
        duplicate(acme, original, method, body, "one")


def test_any_length_and_any_character_works(acme: Shop) -> None:
    card = acme.card()
    for custom_id in ("x", "x" * 5000, "x" * 4999 + "y", "é", "0"):
        original = acme.ok("updateBalance", usd(card, "issue", 1), customRequestId=custom_id)["requestRef"]
        duplicate(acme, original, "updateBalance", usd(card, "issue", 1), custom_id)
    assert acme.free(card) == 5


def test_an_empty_id_is_none(acme: Shop) -> None:
    card = acme.card()
    for _ in range(2):
        acme.ok("updateBalance", usd(card, "issue", 1), customRequestId="")
    assert acme.free(card) == 2


def test_ids_of_brands_are_apart(acme: Shop, charlie: Shop) -> None:
    for shop in (acme, charlie):
        shop.ok("search", {"filters": {}}, customRequestId="one")


def test_a_lost_answer_of_allocate_can_be_looked_up(acme: Shop) -> None:
    body = {"cardNumber": "A-1", "cardSetId": "gift-cards", "createIfNew": True}
    acme.ok("allocate", body, customRequestId="one")
    original = acme.post("allocate", body, customRequestId="one")["originalRequestRef"]
    assert acme.ok("requestLookup", {"requestRef": original})["cardNumber"] == "A-1"
