"""Many tills at once on a card that a checkout locks."""

from decimal import Decimal
from typing import Any

import pytest

from apps.campaigns.models import Budget
from apps.checkouts.models import Checkout, Setup
from tests.campaigns.live import percent, publish, rule
from tests.coupons.booklet import coupon as coupon_row
from tests.journeys.storm.server import Product
from tests.journeys.test_races import MANY, Wanted, at_once, codes, no_deadlock, running  # noqa: F401  (fixtures)
from tests.shop import Shop, usd
from tests.transactions.lavish import basket, coupon, lavish, member

pytestmark = pytest.mark.storm
PAY = {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": 10}


@pytest.fixture
def card(acme: Shop) -> str:
    card = acme.card()
    acme.issue(card, 100)
    return card


def setup_of(card: str, **more: Any) -> dict[str, Any]:
    return {"cardNumber": card, "checkoutTotal": 25, "isSetup": True, "lockSetupDuration": 600} | more


def step_of(card: str, setup: str, **more: Any) -> Wanted:
    return "checkout", {"cardNumber": card, "relatedSetupTransactionId": setup} | more, None


def test_one_of_many_setups_locks_the_card(acme: Shop, card: str, running: Product) -> None:  # noqa: F811
    body = setup_of(card, paymentMethods=[PAY])
    replies = at_once(running, acme, [("checkout", body, None)] * MANY)
    assert codes(replies) == {0: 1, 14: MANY - 1}
    assert acme.free(card) == 90


def test_a_setup_is_completed_or_cancelled_once(acme: Shop, card: str, running: Product) -> None:  # noqa: F811
    for _ in range(3):
        before = acme.free(card)
        setup = acme.ok("checkout", setup_of(card, paymentMethods=[PAY]))["transactionId"]
        calls = [step_of(card, setup), step_of(card, setup, cancelSetup=True)] * (MANY // 2)
        replies = at_once(running, acme, calls)
        assert codes(replies) == {0: 1, 15: MANY - 1}
        completed = Checkout.objects.filter(brand=acme.brand, setup_operation_id=setup).exists()
        assert acme.free(card) == before - (10 if completed else 0)


def test_what_comes_before_the_lock_or_after_it_is_done_and_nothing_between(
    acme: Shop,
    card: str,
    running: Product,  # noqa: F811
) -> None:
    body = setup_of(card, paymentMethods=[PAY])
    calls: list[Wanted] = [("updateBalance", usd(card, "redeem", 1), None)] * (MANY - 1)
    setup, *redemptions = at_once(running, acme, [("checkout", body, None), *calls])
    assert setup.code is None
    done = codes(redemptions).get(0, 0)
    assert set(codes(redemptions)) <= {0, 14}
    assert acme.free(card) == Decimal(90 - done)


def test_setups_of_many_cards_never_reserve_more_than_a_budget_has(
    acme: Shop,
    running: Product,  # noqa: F811
) -> None:
    budget = {"uuid": "6b1f3b9e-6a55-4f3a-9c1c-2f2a3b4c5d6e", "measure": "discount", "cap": 10}
    publish(acme, rule(percent(10)), budgets=[budget])
    cards = [acme.card() for _ in range(MANY)]
    replies = at_once(running, acme, [("checkout", setup_of(each), None) for each in cards])
    assert codes(replies) == {0: MANY}
    given = [reply["totalDiscount"] for reply in replies]
    assert sum(given) == Budget.objects.get(brand=acme.brand).reserved <= 10
    steps = [step_of(each, reply["transactionId"]) for each, reply in zip(cards, replies, strict=True)]
    done = at_once(running, acme, steps)
    assert [reply["totalDiscount"] for reply in done] == given
    row = Budget.objects.get(brand=acme.brand)
    assert (row.used, row.reserved) == (sum(given), 0)


def test_a_coupon_is_kept_for_one_of_many_setups(acme: Shop, running: Product) -> None:  # noqa: F811
    lavish(acme)
    code, cards = coupon(acme), [member(acme) for _ in range(4)]
    bodies = [basket(each, code) | {"isSetup": True, "lockSetupDuration": 600} for each in cards]
    replies = at_once(running, acme, [("checkout", body, None) for body in bodies])
    assert codes(replies) == {0: 1, 27: 3}
    (setup,) = Setup.objects.filter(brand=acme.brand)
    assert coupon_row(acme, code).reserved_by == setup.operation_id
