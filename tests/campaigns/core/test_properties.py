"""What holds for any campaigns and any call."""

from collections import Counter
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.campaigns.core.compile import compile_campaigns
from apps.campaigns.core.definitions import Published
from apps.campaigns.core.evaluate import evaluate
from apps.campaigns.core.facts import Facts
from apps.campaigns.core.kinds import Trigger, Verdict
from apps.campaigns.core.outcome import Discounted, Issued, Outcome, Taken
from tests.campaigns.worlds import World, worlds

ZERO = Decimal(0)


def run(world: World, *, explain: bool = False) -> Outcome:
    return evaluate(compile_campaigns(world.campaigns), world.facts, explain=explain)


@given(worlds())
def test_discounts_never_exceed_the_total(world) -> None:
    outcome = run(world)
    given_away = sum((each.amount for each in outcome.effects if isinstance(each, Discounted)), ZERO)
    assert outcome.discount == given_away == sum((each.discount for each in outcome.verdicts), ZERO)
    assert given_away <= world.facts.basket.seen


@given(worlds())
def test_discounts_of_a_sku_never_exceed_what_it_costs(world) -> None:
    costs: Counter[Any] = Counter()
    for line in world.facts.basket.lines:
        costs[line.sku, line.unit_price] += line.quantity * line.unit_price
    for each in run(world).effects:
        if isinstance(each, Discounted) and each.sku is not None:
            costs[each.sku, each.unit_price] -= each.amount
    assert all(cost >= 0 for cost in costs.values())


@given(worlds())
def test_units_times_unit_discount_is_the_amount_of_every_mutation(world) -> None:
    for each in run(world).effects:
        if isinstance(each, Discounted) and each.units is not None:
            assert each.units * each.unit_discount == each.amount


@given(worlds())
def test_every_amount_is_above_zero_and_at_its_scale(world) -> None:
    for each in run(world).effects:
        if isinstance(each, Discounted):
            assert each.amount > 0 and each.amount == each.amount.quantize(Decimal("0.01"))
        elif isinstance(each, Issued | Taken):
            scale = world.facts.card.balances[each.value_type].scale
            assert each.amount > 0 and each.amount == each.amount.quantize(Decimal(1).scaleb(-scale))


@given(worlds())
def test_a_mutation_is_the_only_one_of_its_result_sku_price_and_unit_discount(world) -> None:
    discounts = [each for each in run(world).effects if isinstance(each, Discounted)]
    keys = Counter((each.cause.result, each.sku, each.unit_price, each.unit_discount) for each in discounts)
    assert not discounts or max(keys.values()) == 1


@given(worlds())
def test_no_balance_goes_below_zero_or_over_its_maximum(world) -> None:
    balances = world.facts.card.balances if world.facts.card else {}
    free = {key: balance.free for key, balance in balances.items()}
    in_all = {key: balance.in_all for key, balance in balances.items()}
    for each in run(world).effects:
        if isinstance(each, Issued):
            in_all[each.value_type] += each.amount
            free[each.value_type] += each.amount if each.active_at is None else 0
            maximum = balances[each.value_type].maximum
            assert maximum is None or in_all[each.value_type] <= maximum
        elif isinstance(each, Taken):
            free[each.value_type] -= each.amount
            in_all[each.value_type] -= each.amount
            assert free[each.value_type] >= 0


@given(worlds())
def test_budgets_and_throttles_for_the_brand_are_never_exceeded(world) -> None:
    for spending in run(world).spendings:
        assert 0 < spending.amount <= world.facts.budgets[spending.budget].left


@given(worlds())
def test_a_throttled_rule_never_fires_without_a_card_nor_too_often(world) -> None:
    for firing in run(world).firings:
        rule = world.rules[firing.rule]
        assert firing.times >= 1
        for throttle in rule.throttles:
            assert world.facts.card is not None and firing.times <= throttle.times


@pytest.mark.parametrize("trigger", Trigger)
@settings(max_examples=40)
@given(st.data())
def test_an_explanation_changes_nothing(trigger, data) -> None:
    world = data.draw(worlds(trigger))
    plain, explained = run(world), run(world, explain=True)
    bare = [msgspec.structs.replace(verdict, conditions=()) for verdict in explained.verdicts]
    assert msgspec.structs.replace(explained, verdicts=tuple(bare)) == plain


@given(worlds())
def test_an_explanation_tells_all_conditions_and_agrees_with_the_verdict(world) -> None:
    rules = {
        rule.uuid: (*each.definition.conditions, *rule.conditions)
        for each in world.campaigns
        for rule in each.definition.rules
    }
    for verdict in run(world, explain=True).verdicts:
        assert [each.uuid for each in verdict.conditions] == [each.uuid for each in rules[verdict.rule]]
        assert all(each.wanted for each in verdict.conditions)
        met = all(each.passed for each in verdict.conditions)
        if verdict.verdict not in (Verdict.LOST, Verdict.STOPPED):
            assert met is (verdict.verdict is not Verdict.CONDITIONS)


@given(worlds())
def test_the_same_facts_and_campaigns_give_the_same_outcome_after_a_round_trip_through_json(world) -> None:
    campaigns = msgspec.json.decode(msgspec.json.encode(world.campaigns), type=list[Published])
    facts = msgspec.json.decode(msgspec.json.encode(world.facts), type=Facts)
    outcome = run(world)
    assert evaluate(compile_campaigns(campaigns), facts) == outcome == run(world)
    assert msgspec.json.decode(msgspec.json.encode(outcome), type=Outcome) == outcome


@given(worlds())
def test_a_coupon_is_used_once(world) -> None:
    used = Counter(each.code for each in run(world).effects if type(each).__name__ == "CouponUsed")
    assert not used or max(used.values()) == 1


@given(worlds())
def test_one_rule_of_a_group_fires_at_most(world) -> None:
    groups = {rule.uuid: rule.group for each in world.campaigns for rule in each.definition.rules if rule.group}
    fired = Counter(groups[each.rule].name for each in run(world).firings if each.rule in groups)
    assert not fired or max(fired.values()) == 1
