"""voidTransaction of what campaigns moved, whichever call they moved it on; and of the kinds that are never voided."""

from decimal import Decimal
from typing import Any

import pytest

from tests.campaigns.live import condition, points, publish, result, rule
from tests.merchant_api.methods.test_return_merchandise import buy
from tests.merchant_api.methods.test_return_undoes import card, holds, mixed, spend_points  # noqa: F401  (fixtures)
from tests.merchant_api.methods.test_void_transaction import pay, void, void_refused
from tests.merchant_api.steady import change_brand, history, movements
from tests.merchant_api.steady import points as points_of
from tests.shop import Shop, usd


def kinds(shop: Shop, card: str) -> tuple[Decimal, Decimal, Decimal]:  # noqa: F811
    """Points, punches and dollars that are free."""
    return holds(shop, card), holds(shop, card, "Punches"), holds(shop, card, "Currency")


def test_a_voided_checkout_takes_back_and_gives_back_all_that_campaigns_moved(acme: Shop, card: str) -> None:  # noqa: F811
    acme.ok("updateBalance", points_of(card, "issue", 100))
    turned = result("convert", take="Points", threshold=60, give="Punches", reward=3)
    taken = result("redeem_balance", value_type="Currency:USD", amount=5)
    publish(acme, rule(turned, taken, points(7)))
    bought = buy(acme, card, paymentMethods=[pay(20)])
    assert kinds(acme, card) == (47, 3, 75)
    void(acme, card, bought)
    assert kinds(acme, card) == (100, 0, 100)


@pytest.mark.parametrize("counts_as_expiry", [True, False])
def test_a_threshold_that_was_taken_comes_back_even_if_it_counted_as_expired(
    acme: Shop,
    card: str,  # noqa: F811
    counts_as_expiry: bool,
) -> None:
    acme.ok("updateBalance", points_of(card, "issue", 30))
    enough = {"value_type": "Points", "minimum": 20, "take_threshold": True, "counts_as_expiry": counts_as_expiry}
    give = result("issue_balance", value_type="Punches", amount={"kind": "fixed", "amount": 1})
    publish(acme, rule(give, when=[condition("balance", **enough)]))
    bought = buy(acme, card)
    rows = history(acme, card)
    assert (rows[0]["requestRef"], sorted(movements(rows[0]))) == (bought, [-20, 1])
    assert kinds(acme, card)[:2] == (10, 1)
    void(acme, card, bought)
    assert kinds(acme, card)[:2] == (30, 0)
    assert sum(amount for row in history(acme, card) for amount in movements(row)) == 130


def test_what_a_campaign_gave_and_is_spent_refuses_the_void_unless_the_brand_takes_what_is_free(
    acme: Shop,
    card: str,  # noqa: F811
) -> None:
    publish(acme, rule(points(10)))
    bought = buy(acme, card)
    spend_points(acme, card, 4)
    void_refused(acme, 13, card, bought)
    change_brand(acme, void_takes_what_is_free=True)
    void(acme, card, bought)
    assert holds(acme, card) == 0


def test_an_account_update_is_voided_if_it_moved_something(acme: Shop, card: str) -> None:  # noqa: F811
    publish(acme, rule(points(10), trigger="enrolment"))
    enrol: dict[str, Any] = {"cardNumber": card, "countAsEnrollment": True, "primaryCustomer": {"firstName": "Ada"}}
    enrolled = acme.ok("updateAccount", enrol)["requestRef"]
    assert holds(acme, card) == 10
    void(acme, card, enrolled)
    assert holds(acme, card) == 0
    void_refused(acme, 30, card, enrolled)
    void_refused(acme, 31, card, acme.ok("updateAccount", enrol)["requestRef"])


def test_an_update_balance_is_voided_with_what_campaigns_made_of_it(acme: Shop, card: str) -> None:  # noqa: F811
    publish(acme, rule(points(10), trigger="balance_update"))
    issued = acme.ok("updateBalance", usd(card, "issue", 5))["requestRef"]
    assert kinds(acme, card) == (10, 0, 105)
    void(acme, card, issued)
    assert kinds(acme, card) == (0, 0, 100)


def test_kinds_that_are_never_voided(acme: Shop, card: str) -> None:  # noqa: F811
    setup = {"cardNumber": card, "checkoutTotal": 5, "isSetup": True}
    shown = acme.ok("checkout", setup)["requestRef"]
    locked = acme.ok("checkout", setup | {"lockSetupDuration": 60, "paymentMethods": [pay(5)]})["requestRef"]
    ended = {"cardNumber": card, "relatedSetupTransactionId": locked}
    cancelled = acme.ok("checkout", ended | {"cancelSetup": True})["requestRef"]
    voided = void(acme, card, acme.issue(card, 5))
    allocated = history(acme, card)[-1]["requestRef"]
    for reference in (shown, locked, cancelled, voided, allocated):
        void_refused(acme, 31, card, reference)


def test_a_completed_setup_is_voided_by_its_second_step(acme: Shop, card: str) -> None:  # noqa: F811
    publish(acme, rule(points(10)))
    setup = {"cardNumber": card, "checkoutTotal": 50, "isSetup": True, "lockSetupDuration": 60}
    locked = acme.ok("checkout", setup | {"paymentMethods": [pay(20)]})["requestRef"]
    assert acme.post("voidTransaction", {"cardNumber": card, "requestRef": locked}).code == 14
    done = acme.ok("checkout", {"cardNumber": card, "relatedSetupTransactionId": locked})["requestRef"]
    assert kinds(acme, card) == (10, 0, 80)
    void(acme, card, done)
    assert kinds(acme, card) == (0, 0, 100)


def test_a_transfer_is_never_voided(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    acme.issue(old, 5)
    gone = acme.ok("transfer", {"cardNumber": old, "action": "out"})["requestRef"]
    come = acme.ok("transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old})["requestRef"]
    for reference in (gone, come):
        void_refused(acme, 31, new, reference)
