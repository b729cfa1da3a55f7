"""Rules one after the other: order, exclusive groups, stopping, the original total."""

from decimal import Decimal

import pytest

from apps.campaigns.core.compile import compile_campaigns
from apps.campaigns.core.conditions import CheckoutTotal
from apps.campaigns.core.definitions import Group, Picks
from apps.campaigns.core.evaluate import evaluate
from apps.campaigns.core.kinds import Trigger, Verdict
from apps.campaigns.core.results import PerUnit, TargetKind
from tests.campaigns.cases import (
    D,
    basket,
    call,
    discounts,
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
BOUGHT = call(basket(total=100))


def total(least) -> CheckoutTotal:
    return CheckoutTotal(uuid=uuid(), minimum=D(least))


def amounts(outcome):
    return [amount for _, amount, _, _ in discounts(outcome)]


def test_later_rules_see_the_total_after_earlier_discounts() -> None:
    outcome = run(BOUGHT, rule(percent(10)), rule(points(), when=(total(91),)), rule(points(), when=(total(90),)))
    assert verdicts(outcome) == [V.FIRED, V.CONDITIONS, V.FIRED]


def test_campaigns_run_in_their_order() -> None:
    both = [published(rule(percent(10))), published(rule(off(20)))]
    assert amounts(evaluate(compile_campaigns(both), BOUGHT)) == ["10.00", "20.00"]
    assert amounts(evaluate(compile_campaigns(both[::-1]), BOUGHT)) == ["20.00", "8.00"]


def test_only_active_rules_of_the_trigger_are_looked_at() -> None:
    rules = rule(points(), is_active=False), rule(points(), trigger=Trigger.RETURN), rule(points())
    assert len(run(BOUGHT, *rules).verdicts) == 1


def test_a_single_rule_call_looks_at_that_rule_alone() -> None:
    one, other = rule(points(1), trigger=Trigger.SINGLE_RULE), rule(points(2), trigger=Trigger.SINGLE_RULE)
    facts = call(trigger=Trigger.SINGLE_RULE, rule=other.uuid)
    assert moved(run(facts, one, other)) == [("Points", "2")]


# --- stopping --------------------------------------------------------------------------------------------------------


def test_a_rule_stops_those_that_follow_of_all_campaigns() -> None:
    stopper = rule(percent(10), stops_others=True)
    outcome = evaluate(
        compile_campaigns([published(rule(points()), stopper, rule(points())), published(rule(points()))]), BOUGHT
    )
    assert verdicts(outcome) == [V.FIRED, V.FIRED, V.STOPPED, V.STOPPED]
    assert outcome.verdicts[3].stopped_by == stopper.uuid


def test_a_rule_that_does_not_fire_stops_nobody() -> None:
    outcome = run(BOUGHT, rule(points(), when=(total(101),), stops_others=True), rule(points()))
    assert verdicts(outcome) == [V.CONDITIONS, V.FIRED]


# --- exclusive groups ------------------------------------------------------------------------------------------------


def in_group(result, picks=Picks.FIRST, **more):
    return rule(result, group=Group(name="one", picks=picks), **more)


def test_the_first_that_fires_excludes_the_others() -> None:
    rules = in_group(off(5), when=(total(101),)), in_group(off(10)), in_group(off(20)), rule(off(1))
    outcome = run(BOUGHT, *rules)
    assert verdicts(outcome) == [V.CONDITIONS, V.FIRED, V.LOST, V.FIRED]
    assert outcome.verdicts[2].lost_to == rules[1].uuid and outcome.verdicts[2].lost_by is None


@pytest.mark.parametrize(
    ("picks", "expected", "winner", "behind"),
    [(Picks.HIGHEST, ["20.00", "8.00"], 1, {0: 10, 3: 5}), (Picks.LOWEST, ["10.00", "9.00"], 0, {1: 10, 3: 5})],
)
def test_a_group_that_picks_by_discount_says_by_how_much_the_others_lost(picks, expected, winner, behind) -> None:
    rules = [
        in_group(off(10), picks),
        in_group(off(20)),
        rule(percent(10)),
        in_group(off(15)),
        in_group(off(50), when=(total(101),)),
    ]
    outcome = run(BOUGHT, *rules)
    assert amounts(outcome) == expected
    assert outcome.verdicts[4].verdict is V.CONDITIONS
    for index, by in behind.items():
        lost = outcome.verdicts[index]
        assert (lost.verdict, lost.lost_to, lost.lost_by) == (V.LOST, rules[winner].uuid, D(by))


def test_of_equal_discounts_the_first_rule_wins() -> None:
    rules = in_group(off(10), Picks.HIGHEST), in_group(percent(10))
    assert verdicts(run(BOUGHT, *rules)) == [V.FIRED, V.LOST]


def test_a_group_reaches_across_campaigns_and_is_decided_where_its_first_rule_stands() -> None:
    first = published(in_group(percent(10), Picks.HIGHEST), rule(percent(50)))
    outcome = evaluate(compile_campaigns([first, published(in_group(percent(30)))]), BOUGHT)
    assert amounts(outcome) == ["30.00", "35.00"]
    assert verdicts(outcome) == [V.LOST, V.FIRED, V.FIRED]


def test_a_winner_that_stops_others_stops_them_from_there_on() -> None:
    rules = in_group(off(1), Picks.HIGHEST), rule(off(2)), in_group(off(3), stops_others=True)
    assert verdicts(run(BOUGHT, *rules)) == [V.LOST, V.STOPPED, V.FIRED]


def test_a_group_of_which_no_rule_fires_has_no_loser() -> None:
    rules = in_group(off(1), Picks.HIGHEST, when=(total(101),)), in_group(off(2), when=(total(101),))
    assert verdicts(run(BOUGHT, *rules)) == [V.CONDITIONS, V.CONDITIONS]


def test_what_a_loser_would_have_done_leaves_no_trace() -> None:
    low = points(500)
    rules = in_group(low, Picks.HIGHEST), in_group(off(1)), rule(points(1))
    outcome = run(BOUGHT, *rules)
    assert moved(outcome) == [("Points", "1")] and outcome.over_limit is None


# --- the original total ----------------------------------------------------------------------------------------------


def after_half(*rules, lines=(), **more):
    bought = basket(*lines) if lines else basket(total=100)
    return evaluate(compile_campaigns([published(rule(percent(50))), published(*rules, **more)]), call(bought))


def test_a_campaign_may_see_the_original_total() -> None:
    rules = rule(percent(10), when=(total(100),)), rule(percent(10)), rule(points(PerUnit(amount=D(1))))
    outcome = after_half(*rules, sees_original_total=True)
    assert amounts(outcome) == ["50.00", "10.00", "9.00"] and moved(outcome) == [("Points", "81")]


def test_what_is_left_of_the_total_bounds_it_all_the_same() -> None:
    assert amounts(after_half(rule(percent(80)), sees_original_total=True)) == ["50.00", "50.00"]


def test_it_sees_original_prices_too_and_takes_no_more_than_units_still_cost() -> None:
    half_off_hats = published(rule(percent(50, TargetKind.ITEMS)))
    for value, expected in ((10, "2.00"), (80, "10.00")):
        mine = published(rule(percent(value, TargetKind.ITEMS)), sees_original_total=True)
        outcome = evaluate(compile_campaigns([half_off_hats, mine]), call(basket(line("hat", 1, 20))))
        assert amounts(outcome) == ["10.00", expected]


def test_its_own_discounts_of_items_count() -> None:
    before = published(rule(percent(50, TargetKind.ITEMS)))
    mine = published(rule(percent(50, TargetKind.NTH)), rule(percent(10, TargetKind.ITEMS)), sees_original_total=True)
    outcome = evaluate(compile_campaigns([before, mine]), call(basket(line("hat", 2, 20), line("tie", 1, 20))))
    assert amounts(outcome) == ["20.00", "10.00", "10.00", "2.00", "2.00"]
    assert outcome.discount == Decimal("44.00")
