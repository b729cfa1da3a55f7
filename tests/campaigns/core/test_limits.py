"""How often and how much: conditions that repeat, throttles, budgets."""

from datetime import date

import pytest

from apps.campaigns.core import conditions as c
from apps.campaigns.core import results as r
from apps.campaigns.core.compile import compile_campaigns
from apps.campaigns.core.definitions import Budget, Measure, Per, Throttle
from apps.campaigns.core.evaluate import evaluate
from apps.campaigns.core.facts import BudgetCurrency, BudgetFact, Coupon, Fired
from apps.campaigns.core.kinds import Channel, Unit, Verdict, Window
from apps.campaigns.core.outcome import CouponGiven, Firing, Spending
from tests.campaigns.cases import (
    HATS,
    D,
    basket,
    call,
    card,
    discounts,
    has,
    line,
    moved,
    off,
    percent,
    points,
    published,
    rule,
    run,
    uuid,
    verdicts,
)

V = Verdict
BOUGHT = call(basket(line("hat", 7, 20, "hats")))


def for_each(amount, **more) -> c.CheckoutTotal:
    return c.CheckoutTotal(uuid=uuid(), minimum=D(amount), repeats=True, **more)


# --- several times on one call ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("most", "expected"), [(1, "5"), (2, "10"), (None, "10")])
def test_a_rule_fires_once_for_each_minimum_within_its_bound(most, expected) -> None:
    outcome = run(BOUGHT, rule(points(5), when=(for_each(50),), times_per_call=most))
    assert moved(outcome) == [("Points", expected)]


def test_the_condition_that_repeats_least_counts() -> None:
    hats = c.BasketHas(uuid=uuid(), items=HATS, minimum_quantity=D(3), repeats=True)
    outcome = run(BOUGHT, rule(points(5), when=(for_each(20), hats), times_per_call=None))
    assert moved(outcome) == [("Points", "10")] and outcome.firings[0].times == 2


@pytest.mark.parametrize(
    ("when", "times"),
    [
        ((for_each(20, negated=True),), 0),
        ((c.AnyOf(uuid=uuid(), conditions=(for_each(20), for_each(70))),), 7),
        ((c.AnyOf(uuid=uuid(), conditions=(for_each(70), for_each(20))),), 2),
        ((c.AnyOf(uuid=uuid(), conditions=(c.Enrolled(uuid=uuid(), negated=True), for_each(20))),), 1),
        ((c.Every(uuid=uuid(), conditions=(for_each(20), for_each(70))),), 2),
        ((c.Every(uuid=uuid(), negated=True, conditions=(for_each(20), for_each(150))),), 1),
        ((c.CheckoutTotal(uuid=uuid(), minimum=D(20)),), 1),
    ],
)
def test_of_alternatives_the_first_that_is_met_counts_and_what_is_negated_repeats_nothing(when, times) -> None:
    outcome = run(BOUGHT, rule(points(1), when=when, times_per_call=None))
    assert sum(each.times for each in outcome.firings) == times


TWICE = {"when": (for_each(70),), "times_per_call": None}


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (off(10), [(None, "20.00", None, None)]),
        (percent(10), [(None, "14.00", None, None)]),
        (off(10, r.TargetKind.ITEMS), [("hat", "70.00", "7", "10.00")]),
        (off(10, r.TargetKind.ITEMS, take=r.DiscountKind.SHARED_AMOUNT), [("hat", "14.30", "5", "2.86")]),
        (percent(100, r.TargetKind.CHEAPEST), [("hat", "40.00", "2", "20.00")]),
        (percent(100, r.TargetKind.MOST_EXPENSIVE), [("hat", "40.00", "2", "20.00")]),
        (percent(100, r.TargetKind.NTH), [("hat", "20.00", "1", "20.00")]),
    ],
)
def test_which_discounts_multiply(result, expected) -> None:
    assert discounts(run(BOUGHT, rule(result, **TWICE)))[:1] == expected


def test_which_other_results_multiply() -> None:
    results = (
        points(3),
        points(r.PerUnit(amount=D(1))),
        r.RedeemBalance(uuid=uuid(), value_type="Points", amount=D(2)),
        r.AllocateCoupon(uuid=uuid(), coupon_set="spring"),
        r.Notify(uuid=uuid(), channel=Channel.DIRECT, text="Hello"),
    )
    outcome = run(BOUGHT, rule(*results, **TWICE))
    assert moved(outcome) == [("Points", "6"), ("Points", "140"), ("Points", "-4")]
    assert [type(each).__name__ for each in outcome.effects[3:]] == ["CouponGiven", "CouponGiven", "Notified"]
    assert isinstance(outcome.effects[3], CouponGiven) and outcome.effects[3].coupon_set == "spring"


# --- thresholds and coupons ------------------------------------------------------------------------------------------


def threshold(**more) -> c.Balance:
    return c.Balance(**{"uuid": uuid(), "value_type": "Points", "minimum": D(100), "take_threshold": True} | more)


@pytest.mark.parametrize(
    ("more", "most", "taken", "times"),
    [
        ({}, 1, "-100", 1),
        ({}, None, "-300", 3),
        ({}, 2, "-200", 2),
        ({"once": True}, None, "-100", 1),
        ({"take_threshold": False}, None, None, 1),
    ],
)
def test_a_threshold_is_taken_for_each_firing_before_the_results(more, most, taken, times) -> None:
    condition = threshold(name="Hundred", **more)
    outcome = run(call(card=has(points=350)), rule(off(1), when=(condition,), times_per_call=most))
    assert outcome.firings[0].times == times
    assert moved(outcome) == ([("Points", taken)] if taken else [])
    if taken:
        cause = outcome.effects[0].cause
        assert (cause.condition, cause.name, cause.result) == (condition.uuid, "Hundred", None)


def test_once_takes_once_where_another_condition_repeats() -> None:
    rules = rule(points(1), when=(threshold(once=True), for_each(70)), times_per_call=None)
    outcome = run(call(basket(total=140), card=has(points=350)), rules)
    assert moved(outcome) == [("Points", "-100"), ("Points", "2")]


def test_a_threshold_may_count_as_expiry() -> None:
    outcome = run(call(card=has(points=100)), rule(points(1), when=(threshold(counts_as_expiry=True),)))
    assert outcome.effects[0].as_expiry


def test_a_threshold_of_the_campaign_is_taken_once_and_lets_all_its_rules_fire() -> None:
    condition = threshold()
    rules = rule(points(1)), rule(points(2), when=(c.Balance(uuid=uuid(), value_type="Points", maximum=D(1)),))
    outcome = run(call(card=has(points=100)), *rules, conditions=(condition,))
    assert moved(outcome) == [("Points", "-100"), ("Points", "1"), ("Points", "2")]
    assert outcome.effects[0].cause.rule is None and outcome.effects[0].cause.condition == condition.uuid


def with_coupons(*sets):
    coupons = tuple(Coupon(code=str(number), coupon_set=each) for number, each in enumerate(sets))
    return call(basket(total=140, coupons=coupons))


def spring() -> c.CouponFrom:
    return c.CouponFrom(uuid=uuid(), sets=("spring",))


def codes(outcome):
    return [each.code for each in outcome.effects if type(each).__name__ == "CouponUsed"]


def test_two_coupons_serve_two_rules_and_one_of_them_a_third() -> None:
    rules = [rule(points(1), when=(spring(),)) for _ in range(3)]
    outcome = run(with_coupons("winter", "spring", "spring"), *rules)
    assert codes(outcome) == ["1", "2"] and verdicts(outcome) == [V.FIRED] * 3


def test_a_coupon_meets_several_conditions_of_one_rule_and_is_used_once() -> None:
    outcome = run(with_coupons("spring"), rule(points(1), when=(spring(), spring(), for_each(70)), times_per_call=None))
    assert codes(outcome) == ["0"] and moved(outcome) == [("Points", "2")]


def test_a_coupon_of_the_campaign_serves_all_its_rules() -> None:
    outcome = run(with_coupons("spring"), rule(points(1)), rule(points(2)), conditions=(spring(),))
    assert codes(outcome) == ["0"] and len(moved(outcome)) == 2
    assert outcome.effects[0].cause.rule is None


def test_a_condition_that_wants_no_coupon_uses_none() -> None:
    none = c.CouponFrom(uuid=uuid(), sets=("winter",), negated=True)
    assert codes(run(with_coupons("spring"), rule(points(1), when=(none,)))) == []


# --- throttles -------------------------------------------------------------------------------------------------------

DAY, WEEK, MONTHS = Window(unit=Unit.DAY), Window(unit=Unit.WEEK, count=2), Window(unit=Unit.MONTH, count=2)


@pytest.mark.parametrize(
    ("window", "fired", "expected"),
    [
        (DAY, date(2026, 11, 20), V.THROTTLED),
        (DAY, date(2026, 11, 19), V.FIRED),
        (WEEK, date(2026, 11, 9), V.THROTTLED),
        (WEEK, date(2026, 11, 8), V.FIRED),
        (MONTHS, date(2026, 10, 1), V.THROTTLED),
        (MONTHS, date(2026, 9, 30), V.FIRED),
        (Window(), date(2020, 1, 1), V.THROTTLED),
    ],
)
def test_once_in_a_window_of_the_calendar(window, fired, expected) -> None:
    throttled = rule(points(1), throttles=(Throttle(times=1, window=window),))
    facts = call(card=card(fired={throttled.uuid: (Fired(on=fired, times=1),)}))
    assert verdicts(run(facts, throttled)) == [expected]


def test_a_throttle_lets_a_rule_fire_as_often_as_is_left() -> None:
    throttled = rule(points(5), when=(for_each(10),), throttles=(Throttle(times=3),), times_per_call=None)
    facts = call(basket(total=100), card=card(fired={throttled.uuid: (Fired(on=date(2026, 1, 1), times=1),)}))
    assert run(facts, throttled).firings == (Firing(throttled.uuid, 2),)


def test_the_verdict_says_how_full_the_throttle_was() -> None:
    throttled = rule(points(1), throttles=(Throttle(times=9), Throttle(times=2, window=MONTHS)))
    facts = call(card=card(fired={throttled.uuid: (Fired(on=date(2026, 11, 1), times=2),)}))
    assert run(facts, throttled).verdicts[0].held_back_by == "2 of 2 per card in 2 months"


@pytest.mark.parametrize("per", Per)
def test_no_throttle_lets_a_call_without_a_card_pass(per) -> None:
    outcome = run(call(basket(total=9), card=None), rule(off(1), throttles=(Throttle(times=5, per=per),)))
    assert verdicts(outcome) == [V.THROTTLED] and outcome.effects == ()


@pytest.mark.parametrize(("left", "times"), [(0, 0), (2, 2), (9, 4)])
def test_a_throttle_for_the_whole_brand_counts_and_is_spent(left, times) -> None:
    first_four = rule(
        points(1), when=(for_each(10),), throttles=(Throttle(times=4, per=Per.BRAND),), times_per_call=None
    )
    outcome = run(call(basket(total=100), budgets={first_four.uuid: BudgetFact(left=D(left))}), first_four)
    assert outcome.spendings == ((Spending(first_four.uuid, D(times)),) if times else ())
    assert verdicts(outcome) == [V.FIRED if times else V.THROTTLED]


# --- budgets ---------------------------------------------------------------------------------------------------------


def budget(measure, cap=100, **more) -> Budget:
    return Budget(uuid=uuid(), measure=measure, cap=D(cap), **more)


def within(left, given, *rules, facts=BOUGHT):
    known = call(facts.basket, card=facts.card, budgets={given.uuid: BudgetFact(left=D(left))})
    return run(known, *rules, budgets=(given,))


@pytest.mark.parametrize(
    ("measure", "spent"), [(Measure.DISCOUNT, "14.00"), (Measure.USES, "1"), (Measure.VALUE, "30")]
)
def test_what_a_budget_counts(measure, spent) -> None:
    given = budget(measure, value_type="Points" if measure is Measure.VALUE else "")
    outcome = within(spent, given, rule(percent(10), points(30)))
    assert outcome.spendings == (Spending(given.uuid, D(spent)),)
    short = within(D(spent) - D("0.01"), given, rule(percent(10), points(30)))
    assert verdicts(short) == [V.OUT_OF_BUDGET] and short.effects == () and short.spendings == ()


def test_value_of_another_type_does_not_count() -> None:
    assert verdicts(within(0, budget(Measure.VALUE, value_type="Punches"), rule(points(30)))) == [V.FIRED]


def test_a_conversion_counts_as_value() -> None:
    given = budget(Measure.VALUE, value_type="Custom:cashback")
    into = r.Convert(uuid=uuid(), take="Points", threshold=D(100), give="Custom:cashback", reward=D(5))
    outcome = within(9, given, rule(into), facts=call(card=has(points=100)))
    assert outcome.spendings == (Spending(given.uuid, D(5)),)


def test_earlier_rules_of_the_call_count() -> None:
    outcome = within(10, budget(Measure.DISCOUNT), rule(off(6)), rule(off(5)), rule(off(4)))
    assert verdicts(outcome) == [V.FIRED, V.OUT_OF_BUDGET, V.FIRED]
    assert outcome.verdicts[1].held_back_by == "96 of 100 discount are used; 5 more would be needed"


@pytest.mark.parametrize(("left", "times"), [(4, 0), (5, 1), (14, 2), (20, 4), (35, 7), (999, 7)])
def test_a_rule_that_repeats_fires_as_often_as_the_budget_covers(left, times) -> None:
    given = budget(Measure.VALUE, value_type="Points", cap=1000)
    outcome = within(left, given, rule(points(5), when=(for_each(20),), times_per_call=None))
    assert sum(each.times for each in outcome.firings) == times


def abroad(left, given, *rules, rate="1.25", scale=2):
    """A purchase of 140.00 EUR at a brand that counts in another currency."""
    counted = BudgetCurrency(code="USD" if scale else "JPY", scale=scale, rate=rate and D(rate))
    left = {given.uuid: BudgetFact(left=D(left))}
    facts = call(BOUGHT.basket, card=BOUGHT.card, currency="EUR", budgets=left, budget_currency=counted)
    return run(facts, *rules, budgets=(given,))


@pytest.mark.parametrize(
    ("rate", "scale", "discount", "spent"),
    [
        ("1.25", 2, "4", "5.00"),
        ("1.25", 2, "0.02", "0.03"),
        ("1.249999999999", 2, "0.02", "0.02"),
        ("163.4", 0, "1.05", "172"),
        ("0.001", 2, "4", "0"),
    ],
)
def test_discounts_count_in_the_brands_currency_half_up(rate, scale, discount, spent) -> None:
    given = budget(Measure.DISCOUNT)
    outcome = abroad(spent, given, rule(off(discount)), rate=rate, scale=scale)
    assert outcome.spendings == ((Spending(given.uuid, D(spent)),) if D(spent) else ())
    assert (verdicts(outcome), outcome.discount) == ([V.FIRED], D(discount))


def test_what_a_discount_is_worth_may_be_more_than_is_left() -> None:
    outcome = abroad("9.99", budget(Measure.DISCOUNT), rule(off(4)), rule(off(4)))
    assert verdicts(outcome) == [V.FIRED, V.OUT_OF_BUDGET]
    reason = "95.01 of 100 USD of discount are used; 5 more would be needed"
    assert outcome.verdicts[1].held_back_by == reason


def test_a_rule_that_repeats_fires_as_often_as_its_discounts_are_covered_in_the_brands_currency() -> None:
    given = budget(Measure.DISCOUNT)
    outcome = abroad(15, given, rule(off(4), when=(for_each(20),), times_per_call=None))
    assert outcome.firings[0].times == 3 and outcome.spendings == (Spending(given.uuid, D(15)),)


def test_without_a_rate_nothing_is_discounted_and_the_rest_happens() -> None:
    outcome = abroad(99, budget(Measure.DISCOUNT), rule(off(4), points(1)), rule(points(2)), rate=None)
    assert verdicts(outcome) == [V.OUT_OF_BUDGET, V.FIRED] and moved(outcome) == [("Points", "2")]
    reason = "The budget counts discounts in USD, and there is no exchange rate from EUR."
    assert outcome.verdicts[0].held_back_by == reason


@pytest.mark.parametrize(("measure", "spent"), [(Measure.USES, 1), (Measure.VALUE, 30)])
def test_other_budgets_need_no_rate(measure, spent) -> None:
    given = budget(measure, value_type="Points" if measure is Measure.VALUE else "")
    outcome = abroad(99, given, rule(off(4), points(30)), rate=None)
    assert outcome.spendings == (Spending(given.uuid, D(spent)),)


def test_a_budget_binds_its_own_campaign_only() -> None:
    tight = published(rule(off(5)), budgets=(budget(Measure.USES),))
    facts = call(basket(total=50), budgets={tight.definition.budgets[0].uuid: BudgetFact(left=D(0))})
    assert verdicts(evaluate(compile_campaigns([tight, published(rule(off(5)))]), facts)) == [V.OUT_OF_BUDGET, V.FIRED]
