"""What a brand's settings change holds from the next call on, also in a process that knew the old ones."""

from decimal import Decimal

from tests.merchant_api.steady import NOW, change_brand, change_type, close_books, refused
from tests.shop import Shop, usd

NEWER = {"cardNumber": "A-1", "checkoutTotal": 5, "preDiscounts": [{"amount": 99}]}


def test_another_version_reads_the_next_body_differently(acme: Shop) -> None:
    acme.card("A-1")
    refused(acme, 9, "checkout", NEWER)
    change_brand(acme, api_version=1)
    acme.ok("checkout", NEWER | {"customRequestDate": None})
    change_brand(acme, api_version=2)
    refused(acme, 9, "checkout", NEWER)


def test_a_feature_that_is_switched_off_is_refused_at_once(acme: Shop) -> None:
    card = acme.card("A-1")
    acme.issue(card, 1, customRequestDate="2024-01-01 00:00:00")
    change_brand(acme, features=["createIfNew"])
    refused(acme, 9, "updateBalance", usd(card, "issue", 1, customRequestDate="2024-01-01 00:00:00"))
    acme.issue(card, 1)


def test_a_feature_that_is_switched_on_works_at_once(acme: Shop) -> None:
    card = acme.card("A-1")
    change_brand(acme, features=["createIfNew"])
    refused(acme, 9, "updateBalance", usd(card, "issue", 1, customMutationType="x"))
    change_brand(acme, features=["createIfNew", "customMutationType"])
    acme.issue(card, 1, customMutationType="x")


def test_switched_off_return_fields_vanish_at_once(acme: Shop) -> None:
    card = acme.card("A-1")
    body = {"filters": {"cardNumber": card}, "returnFields": {"pin": True}}
    assert "pin" in acme.ok("search", body)["cards"][0]
    change_brand(acme, features=[])
    assert acme.ok("search", body)["cards"] == [{"cardNumber": card, "cardSetId": "gift-cards"}]


def test_bounds_and_closed_books_hold_at_once(acme: Shop) -> None:
    card = acme.card("A-1")
    acme.issue(card, 50)
    change_type(acme, acme.usd, redeem_maximum=Decimal(10))
    refused(acme, 13, "updateBalance", usd(card, "redeem", 11))
    close_books(acme, NOW)
    refused(acme, 9, "updateBalance", usd(card, "redeem", 1, customRequestDate="2024-01-01 00:00:00"))


def test_the_id_of_a_call_that_was_read_twice_is_used_once(acme: Shop) -> None:
    card = acme.card("A-1")
    change_brand(acme, api_version=1)
    reply = acme.ok("updateBalance", usd(card, "issue", 5), customRequestId="one")
    again = refused(acme, 3, "updateBalance", usd(card, "issue", 5), customRequestId="one")
    assert again["originalRequestRef"] == reply["requestRef"]
    assert acme.free(card) == 5
