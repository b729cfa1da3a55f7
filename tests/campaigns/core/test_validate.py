"""What keeps a campaign from being published."""

from datetime import date, time

import msgspec
import pytest

from apps.campaigns.core import conditions as c
from apps.campaigns.core import results as r
from apps.campaigns.core.definitions import Budget, Campaign, Group, Measure, Per, Picks, Throttle
from apps.campaigns.core.kinds import Channel, Trigger, Unit, Window
from apps.campaigns.core.known import Known
from apps.campaigns.core.validate import problems_of
from tests.campaigns.cases import HATS, D, new, off, percent, points, rule, uuid

KNOWN = Known(
    programs=frozenset({"loyalty"}),
    card_sets=frozenset({"web"}),
    locations=frozenset({"main"}),
    groups=frozenset({"east"}),
    terminals=frozenset({"t1"}),
    value_types=frozenset({"Points", "Custom:cashback"}),
    coupon_sets=frozenset({"spring"}),
    fields=frozenset({"size"}),
    event_types=frozenset({"app"}),
    segments=frozenset({"vip"}),
    opt_ins=frozenset({"email"}),
    categories=frozenset({"hats"}),
)


def template_problems(text):
    return ["unknown variable"] if "{{bad}}" in text else []


def problems(*rules, known=KNOWN, **more):
    definition = Campaign(**{"name": "Spring", "rules": rules} | more)
    return problems_of(definition, known=known, check_template=template_problems)


def of_condition(condition, trigger=Trigger.CHECKOUT):
    more = {"occasion": c.Occasion(what=c.Happening.DAILY)} if trigger is Trigger.DATE else {}
    return problems(rule(new(r.Enrol), when=(condition,), trigger=trigger, **more))


def of_result(result, trigger=Trigger.CHECKOUT):
    return problems(rule(result, trigger=trigger))


def total(**fields) -> c.CheckoutTotal:
    return new(c.CheckoutTotal, **fields)


GOOD = [
    total(minimum=D(5), repeats=True),
    new(c.BasketHas, items=HATS),
    new(c.LocationIs, groups=("east",)),
    new(c.TimeOfWeek, since=time(22), until=time(2)),
    new(c.Balance, value_type="Points", minimum=D(100), take_threshold=True),
    new(c.CouponFrom, tags=("any tag",)),
    new(c.CustomerField, field="latitude", compare=c.Compare.BETWEEN, minimum=D(-50)),
    new(c.EventCount, category="app"),
    new(c.OptedIn, by="email"),
]


@pytest.mark.parametrize("condition", GOOD, ids=lambda condition: type(condition).__name__)
def test_a_good_condition(condition) -> None:
    assert of_condition(condition) == []


BAD = [
    (total(), "says neither a minimum nor a maximum"),
    (total(minimum=D(-1)), "a bound is below 0"),
    (total(minimum=D(5), maximum=D(4)), "the minimum is above the maximum"),
    (total(maximum=D(5), repeats=True), "repeats for each minimum, but has none"),
    (total(minimum=D("NaN")), "minimum is no amount with at most 6 decimals"),
    (total(minimum=D("0.1234567")), "minimum is no amount with at most 6 decimals"),
    (total(minimum=D("1e12")), "minimum is no amount with at most 6 decimals"),
    (new(c.BasketHas, items=HATS, repeats=True), "repeats for each minimum_quantity, but has none"),
    (new(c.BasketHas, items=c.Items(categories=("ties",))), "there is no category 'ties'"),
    (new(c.ExtremeItem, which=c.Extreme.CHEAPEST, items=c.Items(categories=("x",))), "there is no category 'x'"),
    (new(c.LocationIs), "names no location and no group"),
    (new(c.LocationIs, locations=("moon",)), "there is no location 'moon'"),
    (new(c.LocationIs, groups=("west",)), "there is no group 'west'"),
    (new(c.TerminalIs, terminals=()), "names no terminal"),
    (new(c.TerminalIs, terminals=("t9",)), "there is no terminal 't9'"),
    (new(c.DateRange), "says neither a first nor a last day"),
    (new(c.DateRange, first=date(2026, 2, 1), last=date(2026, 1, 1)), "the first day is after the last one"),
    (new(c.TimeOfWeek), "says neither a day nor a time"),
    (new(c.TimeOfWeek, days=(0,)), "days of the week are 1 (Monday) to 7 (Sunday)"),
    (new(c.TimeOfWeek, since=time(9), until=time(9)), "begins and ends at the same time"),
    (new(c.OccasionToday, occasion=c.Occasion(what=c.Happening.FIXED_DATE)), "a fixed date needs its day"),
    (
        new(c.OccasionToday, occasion=c.Occasion(what=c.Happening.WEEKLY, day=8)),
        "the day of a weekly occasion is 1 to 7",
    ),
    (new(c.OccasionToday, occasion=c.Occasion(what=c.Happening.DAILY, shift=400)), "a shift is at most 366 days"),
    (new(c.CustomKey, key=""), "names no key"),
    (new(c.CouponFrom), "names no coupon set and no tag"),
    (new(c.CouponFrom, sets=("x",)), "there is no coupon set 'x'"),
    (new(c.NthCheckout, n=0), "checkouts are counted from 1"),
    (new(c.ProgramIs, programs=("x",)), "there is no program 'x'"),
    (new(c.CardSetIs, card_sets=("x",)), "there is no card set 'x'"),
    (new(c.Balance, value_type="Miles", minimum=D(1)), "there is no value type 'Miles'"),
    (new(c.Balance, value_type="Points", maximum=D(1), take_threshold=True), "takes its minimum, but has none"),
    (
        new(c.Balance, value_type="Points", minimum=D(1), take_threshold=True, negated=True),
        "cannot be negated and take its threshold",
    ),
    (new(c.InSegment, segments=("x",)), "there is no segment 'x'"),
    (new(c.Spent, minimum=D(1), window=Window(unit=Unit.DAY, count=0)), "a window is 1 to 3660 units long"),
    (new(c.Visited), "says neither a minimum nor a maximum"),
    (new(c.LastVisit, minimum_days=-1), "a bound is below 0"),
    (new(c.EventCount, category="x"), "there is no event type 'x'"),
    (new(c.CustomerField, field="shoe"), "there is no field of customers 'shoe'"),
    (new(c.CustomerField, field="city", compare=c.Compare.ONE_OF), "names no value"),
    (new(c.BrandField, field="x"), "there is no brand demographic 'x'"),
    (new(c.BrandField, field="size", compare=c.Compare.BETWEEN), "says neither a minimum nor a maximum"),
    (new(c.GenderIs, genders=("X",)), "there is no gender 'X'"),
    (new(c.OptedIn, by="x"), "there is no list or third party 'x'"),
    (new(c.MessageSays, words=("join",)), "has no meaning with trigger checkout"),
    (new(c.AnyOf, conditions=()), "the group is empty"),
    (new(c.Every, conditions=(new(c.TerminalIs, terminals=()),)), "names no terminal"),
]


@pytest.mark.parametrize(("condition", "problem"), BAD)
def test_a_bad_condition(condition, problem) -> None:
    [found] = of_condition(condition)
    kind = msgspec.to_builtins(condition)["kind"]
    assert found == f"Rule 1, condition 1 ({kind}): {problem}."


@pytest.mark.parametrize(
    ("condition", "trigger", "problem"),
    [
        (new(c.MessageSays, words=(" ",)), Trigger.MESSAGE, "names no word"),
        (new(c.EventLogged, categories=("x",)), Trigger.EVENT, "there is no event type 'x'"),
        (
            new(c.BalanceMoved, movement=c.Movement.HOLD, value_type="x"),
            Trigger.BALANCE_UPDATE,
            "there is no value type 'x'",
        ),
        (new(c.ReferredSales, minimum_count=-1), Trigger.REFERRAL_PERIOD, "a bound is below 0"),
        (total(minimum=D(1)), Trigger.DATE, "has no meaning with trigger date"),
        (new(c.CouponFrom, sets=("spring",)), Trigger.RETURN, "has no meaning with trigger return"),
    ],
)
def test_a_condition_and_its_trigger(condition, trigger, problem) -> None:
    assert problem in of_condition(condition, trigger)[0]


@pytest.mark.parametrize(
    ("result", "trigger", "problem"),
    [
        (points(0), Trigger.CHECKOUT, "amount must be above 0"),
        (points(5, value_type="Miles"), Trigger.CHECKOUT, "there is no value type 'Miles'"),
        (points(r.PerUnit(amount=D(1), per=D(0))), Trigger.CHECKOUT, "per must be above 0"),
        (points(r.PerUnit(amount=D(1))), Trigger.CUSTOM, "there is no basket with trigger custom"),
        (points(r.RandomBetween(minimum=D(2), maximum=D(1))), Trigger.CHECKOUT, "the minimum is above the maximum"),
        (
            points(r.MultipleOf(result=uuid(), factor=D(1))),
            Trigger.CHECKOUT,
            "is a multiple of what no earlier result of this trigger gives",
        ),
        (points(5, expires=r.Moment(on="31.12.2026")), Trigger.CHECKOUT, "'31.12.2026' is no day (yyyy-MM-dd)"),
        (points(5, expires=r.Moment(on="2026-12-31", days=3)), Trigger.CHECKOUT, "says a day and a time span"),
        (points(5, expires=r.Moment(days=-1)), Trigger.CHECKOUT, "a time span is 0 to 36,500 days"),
        (points(5, starts=r.Moment(days=9), expires=r.Moment(days=8)), Trigger.CHECKOUT, "expires before it starts"),
        (new(r.RedeemBalance, value_type="Points", amount=D(0)), Trigger.CHECKOUT, "amount must be above 0"),
        (
            new(r.Convert, take="Points", threshold=D(0), give="Custom:cashback", reward=D(1)),
            Trigger.CHECKOUT,
            "threshold must be above 0",
        ),
        (
            new(r.Convert, take="Points", threshold=D(1), give="Points", reward=D(1)),
            Trigger.CHECKOUT,
            "converts a value type into itself",
        ),
        (percent(101), Trigger.CHECKOUT, "a discount is at most 100 percent"),
        (percent(0), Trigger.CHECKOUT, "value must be above 0"),
        (percent(5, n=0), Trigger.CHECKOUT, "n is counted from 1"),
        (percent(5, cap=D(0)), Trigger.CHECKOUT, "cap must be above 0"),
        (percent(5, items=c.Items(categories=("x",))), Trigger.CHECKOUT, "there is no category 'x'"),
        (off(-1, take=r.DiscountKind.PRICE), Trigger.CHECKOUT, "a price is at least 0"),
        (off(1), Trigger.RETURN, "only a checkout can be discounted"),
        (off("1e13"), Trigger.CHECKOUT, "value is no amount with at most 6 decimals"),
        (new(r.AllocateCoupon, coupon_set="x"), Trigger.CHECKOUT, "there is no coupon set 'x'"),
        (new(r.UseCoupon, sets=("spring",)), Trigger.CHECKOUT, "in a checkout, coupons are used by conditions"),
        (new(r.UseCoupon), Trigger.CUSTOM, "names no coupon set and no tag"),
        (new(r.LogEvent, category="x"), Trigger.CHECKOUT, "there is no event type 'x'"),
        (new(r.LogEvent, category="app", payload="{{bad}}"), Trigger.CHECKOUT, "unknown variable"),
        (new(r.SetField, field="x", value="1"), Trigger.CHECKOUT, "there is no brand demographic 'x'"),
        (new(r.SetField, field="size"), Trigger.CHECKOUT, "says no value"),
        (
            new(r.SetField, field="size", action=r.FieldAction.RESET, value="1"),
            Trigger.CHECKOUT,
            "resets the field and sets it to a value",
        ),
        (
            new(r.Notify, channel=Channel.DIRECT, text="Hi"),
            Trigger.EVENT,
            "with trigger event there is no answer that a direct message could stand in",
        ),
        (new(r.Notify, channel=Channel.EMAIL, text=""), Trigger.CHECKOUT, "the text is empty"),
        (new(r.Notify, channel=Channel.EMAIL, text="Hi", subject="{{bad}}"), Trigger.CHECKOUT, "unknown variable"),
    ],
)
def test_a_bad_result(result, trigger, problem) -> None:
    kind = msgspec.to_builtins(result)["kind"]
    assert of_result(result, trigger) == [f"Rule 1, result 1 ({kind}): {problem}."]


def test_a_multiple_may_be_of_an_earlier_rule_of_the_same_trigger() -> None:
    first = points(5)
    twice = points(r.MultipleOf(result=first.uuid, factor=D(2)))
    assert problems(rule(first, twice), rule(twice_again := points(twice.amount))) == []
    assert len(problems(rule(twice_again), rule(first))) == 1
    assert len(problems(rule(first, trigger=Trigger.CUSTOM), rule(twice))) == 1


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"trigger": Trigger.DATE}, "has trigger date, but no occasion"),
        ({"occasion": c.Occasion(what=c.Happening.DAILY)}, "has an occasion, but not trigger date"),
        ({"times_per_call": 0}, "times_per_call is at least 1"),
        ({"throttles": (Throttle(times=0),)}, "a throttle lets the rule fire at least once"),
        (
            {"throttles": (Throttle(times=1, window=Window(unit=Unit.DAY, count=0)),)},
            "a window is 1 to 3660 units long",
        ),
        ({"throttles": (Throttle(times=1, per=Per.BRAND),) * 2}, "has more than one throttle for the whole brand"),
        ({"group": Group(name=" ")}, "its group has no name"),
    ],
)
def test_a_bad_rule(fields, problem) -> None:
    assert problems(rule(new(r.Enrol), name="Hats", **fields)) == [f"Rule 'Hats': {problem}."]


def test_a_rule_needs_a_result() -> None:
    assert problems(rule()) == ["Rule 1: has no result."]


@pytest.mark.parametrize(("most", "expected"), [(None, 1), (101, 1), (100, 0)])
def test_a_rule_that_repeats_gives_a_bounded_number_of_coupons(most, expected) -> None:
    gift = new(r.AllocateCoupon, coupon_set="spring")
    found = problems(rule(gift, when=(total(minimum=D(1), repeats=True),), times_per_call=most))
    assert len(found) == expected


def test_one_threshold_of_a_value_type_is_taken_at_most() -> None:
    def threshold() -> c.Balance:
        return new(c.Balance, value_type="Points", minimum=D(5), take_threshold=True)

    found = problems(rule(off(1), when=(threshold(),)), conditions=(threshold(),))
    assert found == ["Rule 1: 2 conditions take thresholds of Points."]


def test_campaigns_have_a_name_and_rules() -> None:
    assert problems(name=" ") == ["The campaign has no name.", "The campaign has no rule."]


def test_no_uuid_stands_twice() -> None:
    twice = total(minimum=D(1))
    found = problems(rule(off(1), when=(new(c.Every, conditions=(twice,)),)), conditions=(twice,))
    assert found == [f"The UUID {twice.uuid} stands in 2 places."]


def test_a_group_picks_in_one_way() -> None:
    rules = [rule(off(1), group=Group(name="g", picks=picks)) for picks in (Picks.FIRST, Picks.LOWEST)]
    assert problems(*rules) == ["The rules of group 'g' do not agree on how it picks."]


@pytest.mark.parametrize(
    ("budget", "problem"),
    [
        (new(Budget, measure=Measure.USES, cap=D(0)), "cap must be above 0"),
        (new(Budget, measure=Measure.USES, cap=D("NaN")), "cap is no amount with at most 6 decimals"),
        (new(Budget, measure=Measure.VALUE, cap=D(1), value_type="x"), "there is no value type 'x'"),
        (
            new(Budget, measure=Measure.USES, cap=D(1), value_type="Points"),
            "names a value type, but does not count value",
        ),
    ],
)
def test_a_bad_budget(budget, problem) -> None:
    assert problems(rule(off(1)), budgets=(budget,)) == [f"Budget of {budget.measure}: {problem}."]


def test_conditions_of_the_campaign_fit_the_triggers_of_its_rules() -> None:
    rules = rule(off(1)), rule(new(r.Enrol), trigger=Trigger.CUSTOM)
    assert problems(*rules, conditions=(total(minimum=D(1)),)) == [
        "Campaign, condition 1 (checkout_total): has no meaning with trigger custom."
    ]


def test_what_is_not_known_here_is_not_checked() -> None:
    anywhere = new(c.LocationIs, locations=("moon",))
    assert problems(rule(off(1), when=(anywhere,)), known=Known()) == []
