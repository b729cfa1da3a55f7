"""Throttles and budgets: how often a rule may still fire, and what its campaign may still give. Pure."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from apps.campaigns.core.definitions import Budget, Measure, Per, Rule, Throttle
from apps.campaigns.core.facts import Facts
from apps.campaigns.core.outcome import AnyEffect, Issued, Spending
from apps.campaigns.core.world import World
from apps.kernel.amounts import ZERO
from apps.programs.core.conversion import convert

MOST_FIRINGS = 2**31 - 1
"""Of one rule on one call: what a column keeps."""


def most_firings(rule: Rule, repeats: int | None) -> int:
    """How often the rule would fire by itself: `repeats` as its conditions say (None: they do not), bounded by what
    one call may."""
    times = 1 if repeats is None else min(repeats, MOST_FIRINGS)
    return times if rule.times_per_call is None else min(times, rule.times_per_call)


def tightest(throttles: Iterable[Throttle], rule: UUID, facts: Facts) -> tuple[int, Throttle]:
    """How often the rule may still fire, and which throttle says so. There is at least one."""
    return min(((_left_of_throttle(each, rule, facts), each) for each in throttles), key=lambda pair: pair[0])


def _left_of_throttle(throttle: Throttle, rule: UUID, facts: Facts) -> int:
    if facts.card is None:
        return 0
    if throttle.per is Per.BRAND:
        known = facts.budgets.get(rule)
        return throttle.times if known is None else max(min(int(known.left), throttle.times), 0)
    first = throttle.window.first_day(facts.today)
    fired = facts.card.fired.get(rule, ())
    return max(throttle.times - sum(each.times for each in fired if first is None or each.on >= first), 0)


def left_of_budget(budget: Budget, facts: Facts, world: World) -> Decimal:
    """What earlier calls and earlier rules of this call have left of a budget."""
    known = facts.budgets.get(budget.uuid)
    return (budget.cap if known is None else known.left) - world.spent.get(budget.uuid, ZERO)


def cost_to(
    budget: Budget, facts: Facts, *, times: int, discount: Decimal, effects: Iterable[AnyEffect]
) -> Decimal | None:
    """What a firing takes from a budget; None where a discount cannot be told in the budget's currency."""
    match budget.measure:
        case Measure.USES:
            return Decimal(times)
        case Measure.DISCOUNT:
            return _counted(discount, facts)
        case Measure.VALUE:
            issued = (each for each in effects if isinstance(each, Issued) and each.value_type == budget.value_type)
            return sum((each.amount for each in issued), ZERO)


def _counted(discount: Decimal, facts: Facts) -> Decimal | None:
    """A discount in the currency in which budgets count it, half-up. Nothing is nothing in any."""
    into = facts.budget_currency
    if into is None or not discount:
        return discount
    return convert(discount, into.rate, into.scale) if into.rate is not None else None


def spendings(world: World) -> tuple[Spending, ...]:
    """What the call takes from all budgets together, in their order."""
    return tuple(Spending(budget, amount) for budget, amount in sorted(world.spent.items()) if amount > 0)
