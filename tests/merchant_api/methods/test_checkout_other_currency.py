"""Checkouts in another currency than the brand's: what their discounts take from budgets, and give back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from apps.brands.models import Location
from apps.brands.operations.publish_config import publish_config
from apps.campaigns.core.kinds import Trigger, Verdict
from apps.campaigns.models import Budget, Spending
from apps.requestlog.core.kinds import Origin
from apps.requestlog.models import Request
from apps.transactions.checkouts.basket import Basket
from apps.transactions.firing.about import About
from apps.transactions.operations.simulate import simulate
from apps.transactions.simulation.question import Question, Simulated
from tests.campaigns.live import percent, points, publish, result, rule
from tests.lookups.test_explain_request import explained, rules
from tests.merchant_api.methods.test_checkout_in_two_steps import setup_body, step_body
from tests.merchant_api.methods.test_void_transaction import void
from tests.merchant_api.steady import NOW, change_brand
from tests.merchant_api.test_statements import counted
from tests.programs.rates import rated
from tests.shop import Reply, Shop

HARBOUR = {"Location": "harbour", "Terminal": "till-9"}
FOUR_OFF = result("discount", take="amount", value=4)


def budget(cap: Any, **more: Any) -> dict[str, Any]:
    return {"uuid": uuid4(), "measure": "discount", "cap": cap} | more


def buy(shop: Shop, **more: Any) -> Reply:
    """A checkout at the harbour, where people pay in euros."""
    return shop.ok("checkout", {"checkoutTotal": 50} | more, **HARBOUR)


def spent(shop: Shop) -> tuple[Decimal, Decimal]:
    """What is used of the brand's only budget, and what is reserved."""
    row = Budget.objects.get(brand=shop.brand)
    return row.used, row.reserved


def fact(reply: Reply, name: str) -> Any:
    """A fact of the only snapshot that was kept with a call; None where it has no such one."""
    (facts,) = msgspec.json.decode(Request.objects.get(id=reply["requestRef"]).facts)
    return facts.get(name)


@pytest.fixture
def shop(acme: Shop) -> Shop:
    """A brand that counts in USD, whose harbour sells in EUR."""
    Location.objects.filter(pk=acme.other_location.pk).update(currency="EUR")
    publish_config(brand_id=acme.brand.pk)
    return acme


def test_a_discount_takes_from_a_budget_what_it_is_worth_in_the_brands_currency(shop: Shop) -> None:
    rated(shop, "EUR", "USD", "1.25")
    publish(shop, rule(FOUR_OFF), budgets=[budget(5)])
    first, second = buy(shop), buy(shop)
    assert (first["totalDiscount"], second["totalDiscount"], spent(shop)) == (4, 0, (5, 0))
    assert fact(first, "budget_currency") == {"code": "USD", "scale": 2, "rate": "1.250000000000"}


def test_the_explanation_speaks_in_the_budgets_currency(shop: Shop) -> None:
    rated(shop, "EUR", "USD", "1.25")
    publish(shop, rule(FOUR_OFF), budgets=[budget(7), budget(9, measure="uses")])
    first, second = (explained(shop, buy(shop)) for _ in range(2))
    assert first.differences == second.differences == ()
    (fired,), (held,) = rules(first), rules(second)
    counts = "Budget of 7 USD of discount; {} before this call; 1 EUR counts as 1.25 USD"
    assert (fired.headline, fired.limits[0]) == ("Fired, 4.00 EUR off", counts.format(0))
    assert fired.limits[1] == "Budget of 9 uses; 0 before this call"
    reason = "Out of budget: 5 of 7 USD of discount are used; 5 more would be needed"
    assert (held.headline, held.limits[0]) == (reason, counts.format(5))


def test_without_a_rate_such_a_campaign_discounts_nothing_and_says_why(shop: Shop) -> None:
    rated(shop, "EUR", "USD", "1.25", since=NOW + timedelta(days=9))
    rated(shop, "EUR", "GBP", "0.86")
    publish(shop, rule(FOUR_OFF), budgets=[budget(5)])
    publish(shop, rule(percent(2)))
    reply = buy(shop)
    assert (reply["totalDiscount"], spent(shop)) == (1, (0, 0))
    found = explained(shop, reply)
    held, fired = rules(found)
    reason = "The budget counts discounts in USD, and there is no exchange rate from EUR."
    assert (held.headline, fired.fired, found.differences) == (f"Out of budget: {reason}", True, ())
    assert held.limits == ("Budget of 5 USD of discount; 0 before this call",)


def test_the_rates_of_another_brand_do_not_count(shop: Shop, charlie: Shop) -> None:
    rated(charlie, "EUR", "USD", "1.25")
    publish(shop, rule(FOUR_OFF), budgets=[budget(5)])
    assert buy(shop)["totalDiscount"] == 0


def test_what_needs_no_rate_is_kept_as_ever(shop: Shop) -> None:
    rated(shop, "EUR", "USD", "1.25")
    publish(shop, rule(FOUR_OFF), budgets=[budget(9, measure="uses")])
    assert fact(buy(shop), "budget_currency") is None
    publish(shop, rule(percent(10)), budgets=[budget(5)])
    at_home = shop.ok("checkout", {"checkoutTotal": 50})
    assert (fact(at_home, "budget_currency"), at_home["totalDiscount"]) == (None, Decimal("8.60"))


def test_a_void_gives_back_what_was_taken_whatever_the_rate_has_become(shop: Shop) -> None:
    rated(shop, "EUR", "USD", "1.25")
    change_brand(shop, void_restores_counters=True)
    publish(shop, rule(FOUR_OFF), budgets=[budget(20)])
    card = shop.card()
    bought = [buy(shop, cardNumber=card)["requestRef"]]
    rated(shop, "EUR", "USD", "2", since=NOW)
    bought.append(buy(shop, cardNumber=card)["requestRef"])
    assert spent(shop) == (13, 0)
    void(shop, card, bought[0])
    assert spent(shop) == (8, 0)
    rows = Spending.objects.filter(brand=shop.brand).order_by("amount").values_list("amount", "undone")
    assert list(rows) == [(5, True), (8, False)]


def test_rules_of_a_return_need_no_rate(shop: Shop) -> None:
    publish(shop, rule(FOUR_OFF), rule(points(3), trigger="return"), budgets=[budget(5)])
    card = shop.card(card_set=shop.loyalty_set)
    shop.ok("returnMerchandise", {"cardNumber": card, "additionalReturnedAmount": 5}, **HARBOUR)
    assert shop.balances(card)[0]["amount"] == 3


def test_a_locking_setup_reserves_it_and_the_complete_takes_that_whatever_the_rate_has_become(shop: Shop) -> None:
    rated(shop, "EUR", "USD", "1.25")
    publish(shop, rule(FOUR_OFF), budgets=[budget(7)])
    card = shop.card()
    setup = buy(shop, **setup_body(card))
    assert (setup["totalDiscount"], spent(shop), buy(shop)["totalDiscount"]) == (4, (0, 5), 0)
    rated(shop, "EUR", "USD", "2", since=NOW)
    done = buy(shop, **step_body(card, setup["transactionId"]), checkoutTotal=None)
    assert (done["totalDiscount"], spent(shop)) == (4, (5, 0))


def test_a_setup_that_is_cancelled_gives_all_of_it_back(shop: Shop) -> None:
    rated(shop, "EUR", "USD", "1.25")
    publish(shop, rule(FOUR_OFF), budgets=[budget(5)])
    card = shop.card()
    setup = buy(shop, **setup_body(card))
    ended = {"cardNumber": card, "relatedSetupTransactionId": setup["transactionId"], "cancelSetup": True}
    shop.ok("checkout", ended, **HARBOUR)
    assert spent(shop) == (0, 0)


def simulated(shop: Shop) -> Simulated:
    """A checkout of 50 euros that is never made."""
    call = shop.call(origin=Origin.PORTAL, location_id=shop.other_location.pk, terminal_id=None)
    question = Question(about=About(triggers=(Trigger.CHECKOUT,)), basket=Basket(total=Decimal(50)))
    return simulate(call=call, configuration=shop.configuration, question=question)


def test_a_simulation_counts_as_the_checkout_does(shop: Shop) -> None:
    publish(shop, rule(FOUR_OFF), budgets=[budget(5)])
    (held,) = simulated(shop).outcome.verdicts
    assert held.verdict is Verdict.OUT_OF_BUDGET and "no exchange rate from EUR" in held.held_back_by
    rated(shop, "EUR", "USD", "1.25")
    assert [each.amount for each in simulated(shop).outcome.spendings] == [5]
    assert spent(shop) == (0, 0)


def test_the_rate_costs_no_statement(shop: Shop) -> None:
    rated(shop, "EUR", "USD", "1.25")
    publish(shop, rule(FOUR_OFF), budgets=[budget(500)])
    card = shop.card()
    buy(shop, cardNumber=card)
    assert counted(shop, "checkout", {"cardNumber": card, "checkoutTotal": 50}, **HARBOUR) == 5
    assert spent(shop) == (10, 0)
