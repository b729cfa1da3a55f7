"""Transfers and what else wants the same cards at the same moment: the till's side of it, with real threads."""

import threading
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from tests.journeys.storm.journal import deadlocks
from tests.shop import Reply, Shop, usd

D = Decimal
ROUNDS = 6
Wanted = tuple[str, dict[str, Any]]
KID = {"childCardNumber": "kid"}


@pytest.fixture(autouse=True)
def no_deadlock() -> Any:
    before = deadlocks()
    yield
    assert deadlocks() == before


def at_once(shop: Shop, *wanted: Wanted) -> list[int]:
    """The codes of calls made at the same moment; 0 is a success."""
    gate = threading.Barrier(len(wanted))
    replies: dict[int, Reply] = {}

    def one(number: int, method: str, body: dict[str, Any]) -> None:
        till = replace(shop, client=Client())
        try:
            till.post("listValueTypes", {"cardSetId": shop.gift_set.code})
            gate.wait(30)
            replies[number] = till.post(method, body)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(number, *each)) for number, each in enumerate(wanted)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [replies[number].code or 0 for number in range(len(wanted))]


def out(card: str, **more: Any) -> Wanted:
    return "transfer", {"cardNumber": card, "action": "out"} | more


def into(card: str, old: str) -> Wanted:
    return "transfer", {"cardNumber": card, "action": "in", "oldCardNumber": old}


def void(card: str, reference: str) -> Wanted:
    return "voidTransaction", {"cardNumber": card, "requestRef": reference}


def moved(shop: Shop) -> tuple[str, str, str]:
    """Old and new card, and a redemption of 5 of 20 on the old one."""
    old, new = shop.card(), shop.card()
    shop.issue(old, 20)
    redeemed = shop.redeem(old, 5)
    shop.ok(*out(old))
    shop.ok(*into(new, old))
    return old, new, redeemed


def test_one_old_card_arrives_on_one_of_two(acme: Shop) -> None:
    for _ in range(ROUNDS):
        old, one, other = acme.card(), acme.card(), acme.card()
        acme.ok("allocateChildCard", {"cardNumber": old} | KID)
        acme.issue(old, 20)
        acme.ok(*out(old))
        assert Counter(at_once(acme, into(one, old), into(other, old))) == {0: 1, 9: 1}
        assert acme.free(one) + acme.free(other) == D(20)


def test_value_leaves_or_is_taken(acme: Shop) -> None:
    for _ in range(ROUNDS):
        old, new = acme.card(), acme.card()
        acme.ok("allocateChildCard", {"cardNumber": old} | KID)
        acme.issue(old, 20)
        acme.issue(old, 10, **KID)
        codes = at_once(
            acme,
            out(old),
            ("updateBalance", usd(old, "redeem", 5)),
            ("updateBalance", usd(old, "redeem", 4, **KID)),
            ("allocateChildCard", {"cardNumber": old, "childCardNumber": "late"}),
        )
        assert codes[0] == 0
        assert set(codes[1:]) <= {0, 11}
        acme.ok(*into(new, old))
        assert acme.free(new) == (D(15) if codes[1] == 0 else D(20))


def test_a_hold_and_a_way_out(acme: Shop) -> None:
    for _ in range(ROUNDS):
        old = acme.card()
        acme.issue(old, 20)
        codes = at_once(acme, out(old), ("updateBalance", usd(old, "hold", 5)))
        assert codes in ([0, 11], [21, 0])


def test_a_void_through_a_card_that_leaves(acme: Shop) -> None:
    for _ in range(ROUNDS):
        _, new, redeemed = moved(acme)
        last = acme.card()
        codes = at_once(acme, void(new, redeemed), out(new), void(new, redeemed))
        assert codes[1] == 0
        assert Counter(codes[::2]) in ({0: 1, 30: 1}, {0: 1, 11: 1}, {11: 2})
        acme.ok(*into(last, new))
        if 0 not in codes[::2]:
            acme.ok(*void(last, redeemed))
        assert acme.free(last) == D(20)


def test_a_void_through_a_card_to_which_another_one_comes(acme: Shop) -> None:
    for _ in range(ROUNDS):
        _, new, redeemed = moved(acme)
        second = acme.card()
        acme.issue(second, 7)
        spent = acme.redeem(second, 3)
        acme.ok(*out(second))
        codes = at_once(acme, void(new, redeemed), into(new, second), void(new, spent), void(new, redeemed))
        assert codes[1] == 0
        assert sorted([codes[0], codes[3]]) == [0, 30]
        assert codes[2] in (0, 29)
        assert acme.free(new) == (D(27) if codes[2] == 0 else D(24))


def test_a_chain_that_moves_while_its_past_is_undone(acme: Shop) -> None:
    for _ in range(ROUNDS):
        _, new, redeemed = moved(acme)
        last = acme.card()
        acme.ok(*out(new))
        codes = at_once(acme, into(last, new), void(last, redeemed), void(new, redeemed))
        assert codes[0] == 0
        assert codes[1] in (0, 29)
        assert codes[2] == 11
        assert acme.free(last) == (D(20) if codes[1] == 0 else D(15))
