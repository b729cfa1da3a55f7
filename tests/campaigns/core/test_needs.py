"""What has to be read before rules can be evaluated."""

from datetime import date

import pytest

from apps.campaigns.core import conditions as c
from apps.campaigns.core import results as r
from apps.campaigns.core.compile import compile_campaigns
from apps.campaigns.core.definitions import Budget, Measure, Per, Throttle
from apps.campaigns.core.kinds import EVER, Trigger, Unit, Window
from apps.campaigns.core.needs import NOTHING
from tests.campaigns.cases import HATS, D, compiled, off, percent, points, rule, uuid

WEEK = Window(unit=Unit.WEEK)


def needs(*when, results=()):
    return compiled(rule(*results, when=when)).needs(Trigger.CHECKOUT)


def test_without_rules_nothing_is_read() -> None:
    assert compile_campaigns([]).needs(Trigger.CHECKOUT) == NOTHING
    assert compiled(rule(points())).needs(Trigger.DATE) is NOTHING
    assert not NOTHING.any_rules


def test_it_is_worked_out_once() -> None:
    campaigns = compiled(rule(points()))
    assert campaigns.needs(Trigger.CHECKOUT) is campaigns.needs(Trigger.CHECKOUT)


@pytest.mark.parametrize(
    ("condition", "name", "expected"),
    [
        (c.Balance(uuid=uuid(), value_type="Points"), "balances", {"Points"}),
        (c.InSegment(uuid=uuid(), segments=("a", "b")), "segments", {"a", "b"}),
        (c.Spent(uuid=uuid(), window=WEEK), "spent", {WEEK}),
        (c.NthCheckout(uuid=uuid(), n=3), "spent", {EVER}),
        (c.Visited(uuid=uuid(), window=WEEK), "visits", {WEEK}),
        (c.CustomerField(uuid=uuid(), field="city"), "customer", {"city"}),
        (c.GenderIs(uuid=uuid(), genders=("F",)), "customer", {"gender"}),
        (c.BrandField(uuid=uuid(), field="size"), "fields", {"size"}),
        (c.OptedIn(uuid=uuid(), by="news"), "opted_in", {"news"}),
        (
            c.OccasionToday(uuid=uuid(), occasion=c.Occasion(what=c.Happening.BIRTHDAY_MONTH)),
            "customer",
            {"birthday"},
        ),
        (c.EventCount(uuid=uuid(), category="app", window=WEEK), "events", {"app": {WEEK}}),
        (c.LastVisit(uuid=uuid(), minimum_days=1), "last_visit", True),
        (c.BasketHas(uuid=uuid(), items=HATS), "categories", True),
        (c.ExtremeItem(uuid=uuid(), which=c.Extreme.CHEAPEST, items=c.Items(tags=("x",))), "tags", True),
        (c.BasketHas(uuid=uuid(), items=c.Items(skus=("x",))), "categories", False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_a_condition_needs_also_inside_groups(condition, name, expected) -> None:
    group = c.AnyOf(uuid=uuid(), conditions=(c.Every(uuid=uuid(), negated=True, conditions=(condition,)),))
    assert getattr(needs(condition), name) == expected == getattr(needs(group), name)


@pytest.mark.parametrize(
    ("result", "name", "expected"),
    [
        (points(), "balances", {"Points"}),
        (r.RedeemBalance(uuid=uuid(), value_type="Punches"), "balances", {"Punches"}),
        (r.Convert(uuid=uuid(), take="A", threshold=D(1), give="B", reward=D(1)), "balances", {"A", "B"}),
        (points(r.PerItem(amount=D(1), items=HATS)), "categories", True),
        (percent(5, r.TargetKind.ITEMS, c.Items(tags=("x",))), "tags", True),
        (r.UseCoupon(uuid=uuid(), sets=("a",), tags=("b",)), "coupon_sets", {"a"}),
        (r.UseCoupon(uuid=uuid(), sets=("a",), tags=("b",)), "coupon_tags", {"b"}),
    ],
)
def test_what_a_result_needs(result, name, expected) -> None:
    assert getattr(needs(results=(result,)), name) == expected


def test_conditions_of_the_campaign_count_for_each_of_its_triggers() -> None:
    campaigns = compiled(rule(points(), trigger=Trigger.DATE), conditions=(c.GenderIs(uuid=uuid(), genders=("F",)),))
    assert campaigns.needs(Trigger.DATE).customer == {"gender"}


def test_budgets_and_throttles_with_how_far_back_they_look() -> None:
    budget = Budget(uuid=uuid(), measure=Measure.USES, cap=D(5))
    brand = Throttle(times=9, per=Per.BRAND)
    weekly = rule(off(1), throttles=(Throttle(times=1, window=WEEK), Throttle(times=2, window=Window(unit=Unit.MONTH))))
    ever = rule(off(1), throttles=(Throttle(times=1), brand))
    found = compiled(weekly, ever, budgets=(budget,)).needs(Trigger.CHECKOUT)
    assert found.budgets == {budget.uuid} and found.brand_throttles == {ever.uuid: brand}
    assert found.first_days(date(2026, 11, 20)) == {weekly.uuid: date(2026, 11, 1), ever.uuid: None}


@pytest.mark.parametrize(
    ("measure", "result", "expected"),
    [
        (Measure.DISCOUNT, off(1), True),
        (Measure.DISCOUNT, points(), False),
        (Measure.USES, off(1), False),
    ],
)
def test_a_rate_is_needed_where_a_budget_counts_what_a_rule_discounts(measure, result, expected) -> None:
    found = compiled(rule(result), budgets=(Budget(uuid=uuid(), measure=measure, cap=D(5)),))
    assert found.needs(Trigger.CHECKOUT).counts_discounts is expected


def test_a_call_with_several_triggers_needs_what_each_of_them_does() -> None:
    one = rule(points(), trigger=Trigger.EVENT)
    other = rule(points(value_type="Punches"), trigger=Trigger.ENROLMENT)
    assert compiled(one, other).needs(Trigger.ENROLMENT, Trigger.EVENT).balances == {"Points", "Punches"}


def test_rules_that_are_not_active_need_nothing() -> None:
    off_duty = rule(points(), when=(c.GenderIs(uuid=uuid(), genders=("F",)),), is_active=False)
    assert compiled(off_duty).needs(Trigger.CHECKOUT) == NOTHING
