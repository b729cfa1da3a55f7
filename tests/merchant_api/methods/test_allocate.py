"""allocate over the wire."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from apps.cards.core.status import CardStatus
from apps.cards.models import Card
from apps.ledger.models import Wallet
from apps.programs.models import CardSet
from tests.merchant_api.steady import (
    ago,
    ahead,
    change_brand,
    close_books,
    history,
    pinned,
    rack,
    refused,
    set_status,
    status_of,
    text,
)
from tests.shop import Shop, open_shop


def test_by_number_answers_number_and_pin(acme: Shop) -> None:
    rack(acme, "A-1", pin="0042")
    reply = acme.ok("allocate", {"cardNumber": "A-1"})
    assert reply.body == {"requestRef": reply["requestRef"], "success": True, "cardNumber": "A-1", "pin": "0042"}
    assert status_of(acme, "A-1") == "Activated"


def test_a_program_without_pins_omits_the_pin(acme: Shop) -> None:
    rack(acme, "A-1", pin=None, card_set=acme.loyalty_set)
    assert "pin" not in acme.ok("allocate", {"cardNumber": "A-1"}).body


def test_a_distributed_card_is_activated(acme: Shop) -> None:
    rack(acme, "A-1", status=CardStatus.DISTRIBUTED)
    acme.ok("allocate", {"cardNumber": "A-1"})
    assert status_of(acme, "A-1") == "Activated"


def test_by_set_takes_each_inventory_card_once_and_then_answers_16(acme: Shop) -> None:
    for place in range(4):
        rack(acme, f"A-{place}", shuffle=place * 2**60)
    rack(acme, "A-other", card_set=acme.loyalty_set, pin=None)
    rack(acme, "A-away", status=CardStatus.DISTRIBUTED)
    taken = {acme.ok("allocate", {"cardSetId": "gift-cards"})["cardNumber"] for _ in range(4)}
    assert taken == {"A-0", "A-1", "A-2", "A-3"}
    refused(acme, 16, "allocate", {"cardSetId": "gift-cards"})


def test_many_at_once_never_get_the_same_card(acme: Shop) -> None:
    for place in range(12):
        rack(acme, f"A-{place}", shuffle=place)

    def one(_: int) -> Any:
        try:
            return acme.post("allocate", {"cardSetId": "gift-cards"}).body
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(one, range(14)))
    assert sorted(each["cardNumber"] for each in replies if each["success"]) == sorted(f"A-{n}" for n in range(12))
    assert [each["errorCode"] for each in replies if not each["success"]] == [16, 16]


def test_an_unknown_or_switched_off_set_answers_7(acme: Shop) -> None:
    refused(acme, 7, "allocate", {"cardSetId": "no-such-set"})
    rack(acme, "A-1")
    CardSet.objects.filter(pk=acme.gift_set.pk).update(is_active=False)
    change_brand(acme)
    refused(acme, 7, "allocate", {"cardSetId": "gift-cards"})


def test_an_unknown_number_answers_2(acme: Shop) -> None:
    refused(acme, 2, "allocate", {"cardNumber": "A-1"})


def test_an_active_card_answers_9(acme: Shop) -> None:
    refused(acme, 9, "allocate", {"cardNumber": acme.card()})


def test_a_brand_can_allow_repeats_which_answer_the_same_pin(acme: Shop) -> None:
    change_brand(acme, repeated_allocation_allowed=True)
    card = pinned(acme, "A-1", "0042")
    acme.issue(card, 5)
    assert acme.ok("allocate", {"cardNumber": card})["pin"] == "0042"
    assert acme.free(card) == 5
    assert Wallet.objects.filter(brand=acme.brand).count() == 1


@pytest.mark.parametrize("status", ["Lost", "Stolen", "Suspended", "Expired", "Closed"])
def test_any_other_status_answers_11(acme: Shop, status: str) -> None:
    card = acme.card()
    set_status(acme, card, status)
    refused(acme, 11, "allocate", {"cardNumber": card})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"cardNumber": "", "cardSetId": ""},
        {"cardNumber": None, "cardSetId": None},
        {"cardNumber": "A-1", "cardSetId": "gift-cards"},
        {"cardNumber": "A-1", "cardSetId": "gift-cards", "createIfNew": False},
        {"cardNumber": "A-1", "createIfNew": True},
        {"cardSetId": "gift-cards", "createIfNew": True},
        {"createIfNew": True},
    ],
)
def test_neither_field_or_both_without_create_if_new_answer_9(acme: Shop, body: dict[str, Any]) -> None:
    rack(acme, "A-1")
    refused(acme, 9, "allocate", body)


def test_create_if_new_makes_an_active_card_with_a_new_pin(acme: Shop) -> None:
    reply = acme.ok("allocate", {"cardNumber": "New_1-x", "cardSetId": "gift-cards", "createIfNew": True})
    assert reply["cardNumber"] == "New_1-x"
    assert len(reply["pin"]) == 4
    assert reply["pin"].isdigit()
    assert status_of(acme, "New_1-x") == "Activated"


def test_create_if_new_activates_an_inventory_card_of_that_set(acme: Shop) -> None:
    rack(acme, "A-1", pin="0042")
    reply = acme.ok("allocate", {"cardNumber": "A-1", "cardSetId": "gift-cards", "createIfNew": True})
    assert reply["pin"] == "0042"
    assert Card.objects.filter(brand=acme.brand).count() == 1


def test_create_if_new_of_a_card_in_another_set_answers_9(acme: Shop) -> None:
    rack(acme, "A-1")
    refused(acme, 9, "allocate", {"cardNumber": "A-1", "cardSetId": "loyalty-cards", "createIfNew": True})


def test_create_if_new_in_an_unknown_set_answers_7(acme: Shop) -> None:
    refused(acme, 7, "allocate", {"cardNumber": "A-1", "cardSetId": "none", "createIfNew": True})


@pytest.mark.parametrize("number", ["has space", "ä", "a.b", "x" * 65, "a/b", "a\n"])
def test_create_if_new_refuses_what_cannot_be_a_number(acme: Shop, number: str) -> None:
    refused(acme, 9, "allocate", {"cardNumber": number, "cardSetId": "gift-cards", "createIfNew": True})


def test_the_longest_number_has_64_characters(acme: Shop) -> None:
    assert acme.card("x" * 64) == "x" * 64


def test_numbers_are_compared_exactly(acme: Shop) -> None:
    acme.card("abc")
    refused(acme, 2, "allocate", {"cardNumber": "ABC"})
    refused(acme, 2, "allocate", {"cardNumber": "abc "})


def test_a_number_can_come_as_a_json_integer(acme: Shop) -> None:
    rack(acme, "483109705813926")
    assert acme.ok("allocate", {"cardNumber": 483109705813926})["cardNumber"] == "483109705813926"


def test_create_if_new_needs_its_feature(acme: Shop) -> None:
    shop = open_shop("plain", features=[])
    refused(shop, 9, "allocate", {"cardNumber": "A-1", "cardSetId": "gift-cards", "createIfNew": True})
    refused(shop, 16, "allocate", {"cardSetId": "gift-cards", "createIfNew": False})


def test_the_location_of_the_call_owns_the_card(acme: Shop) -> None:
    rack(acme, "A-1")
    acme.ok("allocate", {"cardNumber": "A-1"}, Location="harbour", Terminal="till-9")
    assert Wallet.objects.get(brand=acme.brand).owner_location_id == acme.other_location.pk


def test_the_allocation_stands_in_the_history(acme: Shop) -> None:
    rack(acme, "A-1")
    reply = acme.ok("allocate", {"cardNumber": "A-1"})
    rows = history(acme, "A-1")
    assert [(row["callType"], row["requestRef"]) for row in rows] == [("ALLOCATE", reply["requestRef"])]


def test_custom_request_date_is_the_moment_of_activation(acme: Shop) -> None:
    rack(acme, "A-1")
    acme.ok("allocate", {"cardNumber": "A-1", "customRequestDate": "2024-02-29 23:59:59"})
    body = {"filters": {"cardNumber": "A-1"}, "returnFields": {"activationDate": True}}
    assert acme.ok("search", body)["cards"][0]["activationDate"] == "2024-02-29 00:00:00"


def test_custom_request_date_in_the_future_or_in_a_closed_period_answers_9(acme: Shop) -> None:
    rack(acme, "A-1")
    close_books(acme, datetime.now(UTC) - timedelta(days=10))
    refused(acme, 9, "allocate", {"cardNumber": "A-1", "customRequestDate": ahead(hours=1)})
    refused(acme, 9, "allocate", {"cardNumber": "A-1", "customRequestDate": ago(days=10)})
    acme.ok("allocate", {"cardNumber": "A-1", "customRequestDate": ago(days=8)})


def test_the_closed_period_ends_at_the_brands_midnight() -> None:
    shop = open_shop("tokyo", timezone="Asia/Tokyo")
    rack(shop, "A-1")
    closed = datetime.now(UTC) - timedelta(days=10)
    close_books(shop, closed)
    before_midnight = closed.replace(hour=14, minute=59, second=59)
    refused(shop, 9, "allocate", {"cardNumber": "A-1", "customRequestDate": text(before_midnight)})
    shop.ok("allocate", {"cardNumber": "A-1", "customRequestDate": text(before_midnight + timedelta(seconds=1))})
