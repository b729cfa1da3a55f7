"""The PIN check of every method that has one, and the limits on guessing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connection

from apps.cards.operations import check_pin
from tests.merchant_api.steady import pinned, rack, refused, set_status
from tests.shop import Shop, usd

FORCED = {"forcePinValidation": True}


def client() -> "redis.Redis[str]":
    return redis.Redis.from_url(settings.REDIS_URL, decode_responses=True)


def keys(shop: Shop) -> dict[str, str]:
    """The counters of the brand: card, terminal, key."""
    names = list(client().scan_iter(f"pin:{shop.brand.pk}:*"))
    return {name.split(":")[2]: name for name in names}


def counts(shop: Shop) -> dict[str, int]:
    return {kind: int(client().get(name) or 0) for kind, name in keys(shop).items()}


@contextmanager
def nothing_counted(shop: Shop) -> Iterator[None]:
    before = counts(shop)
    yield
    assert counts(shop) == before


BODIES: dict[str, dict[str, Any]] = {
    "updateBalance": {"action": "issue", "amount": {"balanceType": "Currency", "balanceCode": "USD", "amount": 1}},
    "updateAccount": {"customCardNumber": "mine"},
    "checkout": {"checkoutTotal": 5},
    "reactivate": {},
}


def wrong_pin(shop: Shop, card: str, pin: Any = "9999") -> None:
    reply = refused(shop, 10, "updateBalance", usd(card, "issue", 1) | FORCED | {"pin": pin})
    assert reply["errorMessage"] == "Invalid card PIN."


@pytest.mark.parametrize("method", BODIES)
@pytest.mark.parametrize(
    "pin", [{"pin": "0043"}, {"pin": ""}, {"pin": None}, {}, {"pin": "00042"}, {"pin": "\uff14\uff12"}]
)
def test_a_wrong_or_missing_pin_answers_10(acme: Shop, method: str, pin: dict[str, Any]) -> None:
    card = pinned(acme, "A-1", "0042")
    if method == "reactivate":
        set_status(acme, card, "Suspended")
    reply = refused(acme, 10, method, {"cardNumber": card} | BODIES[method] | FORCED | pin)
    assert reply["errorMessage"] == "Invalid card PIN."


@pytest.mark.parametrize("method", BODIES)
@pytest.mark.parametrize("pin", ["0042", 42, "42"])
def test_the_right_pin_passes_also_as_a_number_without_its_zeros(acme: Shop, method: str, pin: Any) -> None:
    card = pinned(acme, "A-1", "0042")
    if method == "reactivate":
        set_status(acme, card, "Suspended")
    acme.ok(method, {"cardNumber": card} | BODIES[method] | FORCED | {"pin": pin})


def test_pin_zero_as_a_number_is_0000(acme: Shop) -> None:
    acme.ok("updateBalance", usd(pinned(acme, "A-1", "0000"), "issue", 1) | FORCED | {"pin": 0})


def test_an_unforced_pin_is_not_looked_at(acme: Shop) -> None:
    with nothing_counted(acme):
        acme.issue(pinned(acme, "A-1"), 1, pin="9999")


def test_five_wrong_pins_close_the_card_for_any_pin(acme: Shop) -> None:
    card, other = pinned(acme, "A-1"), pinned(acme, "A-2")
    for _ in range(5):
        wrong_pin(acme, card)
    wrong_pin(acme, card, "0042")
    acme.issue(other, 1, **FORCED, pin="0042")
    acme.issue(card, 1)


def test_a_closed_card_opens_after_15_minutes(acme: Shop) -> None:
    card = pinned(acme, "A-1")
    for _ in range(5):
        wrong_pin(acme, card)
    name = keys(acme)["card"]
    assert 0 < client().ttl(name) <= 900
    client().delete(name)
    acme.issue(card, 1, **FORCED, pin="0042")


def test_four_wrong_pins_and_a_right_one_count_four(acme: Shop) -> None:
    card = pinned(acme, "A-1")
    for _ in range(4):
        wrong_pin(acme, card)
    acme.issue(card, 1, **FORCED, pin="0042")
    assert counts(acme) == {"card": 4, "terminal": 4, "key": 4}
    wrong_pin(acme, card)
    wrong_pin(acme, card, "0042")


def test_the_fifth_wrong_pin_starts_a_window_of_its_own(acme: Shop) -> None:
    card = pinned(acme, "A-1")
    for _ in range(4):
        wrong_pin(acme, card)
    client().expire(keys(acme)["card"], 10)
    wrong_pin(acme, card)
    assert client().ttl(keys(acme)["card"]) > 800


def test_the_terminal_is_closed_after_50(acme: Shop) -> None:
    card, other = pinned(acme, "A-1"), pinned(acme, "A-2")
    wrong_pin(acme, card)
    client().set(keys(acme)["terminal"], check_pin.PER_TERMINAL, keepttl=True)
    wrong_pin(acme, other, "0042")
    acme.ok("updateBalance", usd(other, "issue", 1) | FORCED | {"pin": "0042"}, Location="harbour", Terminal="till-9")


def test_the_key_is_closed_after_500(acme: Shop) -> None:
    card, other = pinned(acme, "A-1"), pinned(acme, "A-2")
    wrong_pin(acme, card)
    client().set(keys(acme)["key"], check_pin.PER_KEY, keepttl=True)
    body = usd(other, "issue", 1) | FORCED | {"pin": "0042"}
    refused(acme, 10, "updateBalance", body, Location="harbour", Terminal="till-9")


def test_the_limits_are_5_50_and_500_in_15_minutes() -> None:
    assert (check_pin.PER_CARD, check_pin.PER_TERMINAL, check_pin.PER_KEY, check_pin.WINDOW) == (5, 50, 500, 900)


@pytest.mark.parametrize("method", BODIES)
def test_a_forced_pin_on_an_unknown_card_counts_for_terminal_and_key(acme: Shop, method: str) -> None:
    refused(acme, 2, method, {"cardNumber": "none"} | BODIES[method] | FORCED | {"pin": "1"})
    assert counts(acme) == {"terminal": 1, "key": 1}


def test_an_empty_search_with_a_forced_pin_counts_too(acme: Shop) -> None:
    rack(acme, "A-1")
    for number in ("none", "A-1"):
        body = {"filters": {"cardNumber": number}} | FORCED | {"pin": "9999"}
        assert acme.ok("search", body)["cards"] == []
    assert counts(acme) == {"terminal": 2, "key": 2}


def test_search_checks_the_pin_with_a_card_number_only(acme: Shop) -> None:
    card = pinned(acme, "A-1")
    acme.ok("updateAccount", {"cardNumber": card, "customCardNumber": "mine"})
    refused(acme, 10, "search", {"filters": {"cardNumber": card}, "pin": "1"} | FORCED)
    found = {"cardNumber": card, "cardSetId": "gift-cards"}
    for filters, pin in (({"cardNumber": card}, "0042"), ({"customCardNumber": "mine"}, "1"), ({}, None)):
        assert acme.ok("search", {"filters": filters, "pin": pin} | FORCED)["cards"] == [found]


def test_search_of_a_suspended_card_finds_nothing_and_leaves_the_pin_unchecked(acme: Shop) -> None:
    card = pinned(acme, "A-1")
    set_status(acme, card, "Suspended")
    assert acme.ok("search", {"filters": {"cardNumber": card}, "pin": "9999"} | FORCED)["cards"] == []


def test_closed_limits_answer_10_in_search_too(acme: Shop) -> None:
    card = pinned(acme, "A-1")
    for _ in range(5):
        refused(acme, 10, "search", {"filters": {"cardNumber": card}, "pin": "1"} | FORCED)
    refused(acme, 10, "search", {"filters": {"cardNumber": card}, "pin": "0042"} | FORCED)


def test_a_program_without_pins_lets_pass_no_pin_and_an_empty_one(acme: Shop) -> None:
    card = acme.card(card_set=acme.loyalty_set)
    for method, body in BODIES.items():
        if method in ("updateAccount", "checkout"):
            for pin in ({}, {"pin": None}, {"pin": ""}):
                acme.ok(method, {"cardNumber": card} | body | FORCED | pin)
            refused(acme, 10, method, {"cardNumber": card} | body | FORCED | {"pin": "0000"})


def test_an_anonymous_checkout_with_a_forced_pin_answers_9(acme: Shop) -> None:
    refused(acme, 9, "checkout", {"checkoutTotal": 5} | FORCED)


def test_right_pins_of_the_same_moment_do_not_lock_each_other_out(acme: Shop) -> None:
    card = rack(acme, "A-1")
    acme.ok("allocate", {"cardNumber": card})
    body = {"filters": {"cardNumber": card}, "forcePinValidation": True, "pin": "0042"}

    def ask(_: int) -> int | None:
        try:
            return acme.post("search", body).code
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(ask, range(120))) == {None}
