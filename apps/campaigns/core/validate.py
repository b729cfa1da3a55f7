"""What keeps a campaign from being published. Pure.

The types of a definition are checked when it is read; here is what they cannot say.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from uuid import UUID

from apps.campaigns.core import checks, checks_of_conditions, checks_of_results
from apps.campaigns.core import conditions as c
from apps.campaigns.core.checks_of_results import CheckTemplate, Surroundings
from apps.campaigns.core.claims import can_claim
from apps.campaigns.core.conditions import Condition, snake
from apps.campaigns.core.definitions import Budget, Campaign, Measure, Per, Rule
from apps.campaigns.core.kinds import Trigger
from apps.campaigns.core.known import Known, missing
from apps.campaigns.core.needs import leaves
from apps.campaigns.core.results import AllocateCoupon

MOST_COUPONS = 100
"""Firings on one call of a rule that gives coupons."""


def problems_of(campaign: Campaign, *, known: Known, check_template: CheckTemplate) -> list[str]:
    """All problems in words, each with where it is. None: the campaign can be published."""
    return [
        *_of_campaign(campaign, known),
        *_of_shared_conditions(campaign, known),
        *_of_rules(campaign, known, check_template),
    ]


def _of_campaign(campaign: Campaign, known: Known) -> Iterator[str]:
    if not campaign.name.strip():
        yield "The campaign has no name."
    if not campaign.rules:
        yield "The campaign has no rule."
    for uuid, count in Counter(_uuids(campaign)).items():
        if count > 1:
            yield f"The UUID {uuid} stands in {count} places."
    picks: dict[str, str] = {}
    for group in (rule.group for rule in campaign.rules if rule.group):
        if picks.setdefault(group.name, group.picks) != group.picks:
            yield f"The rules of group {group.name!r} do not agree on how it picks."
    for budget in campaign.budgets:
        yield from _at(f"Budget of {budget.measure}", _of_budget(budget, known))


def _uuids(campaign: Campaign) -> Iterator[UUID]:
    yield from (budget.uuid for budget in campaign.budgets)
    yield from _uuids_of(campaign.conditions)
    for rule in campaign.rules:
        yield rule.uuid
        yield from _uuids_of(rule.conditions)
        yield from (result.uuid for result in rule.results)


def _uuids_of(conditions: Iterable[Condition]) -> Iterator[UUID]:
    for condition in conditions:
        yield condition.uuid
        if isinstance(condition, c.Every | c.AnyOf):
            yield from _uuids_of(condition.conditions)


def _of_budget(budget: Budget, known: Known) -> Iterator[str]:
    yield from list(checks.numbers(budget)) or checks.positive(budget.cap, "cap")
    if budget.measure is Measure.VALUE:
        yield from missing("value type", (budget.value_type,), known.value_types)
        if not budget.value_type:
            yield "names no value type"
    elif budget.value_type:
        yield "names a value type, but does not count value"


def _of_shared_conditions(campaign: Campaign, known: Known) -> Iterator[str]:
    """Each problem once, whichever of the rules' triggers shows it."""
    triggers = dict.fromkeys(rule.trigger for rule in campaign.rules) or {Trigger.CHECKOUT: None}
    found = (
        problem for trigger in triggers for problem in _of_conditions("Campaign", campaign.conditions, trigger, known)
    )
    yield from dict.fromkeys(found)


def _of_rules(campaign: Campaign, known: Known, check_template: CheckTemplate) -> Iterator[str]:
    given: dict[Trigger, set[UUID]] = {}
    for number, rule in enumerate(campaign.rules, start=1):
        where = f"Rule {rule.name!r}" if rule.name else f"Rule {number}"
        earlier = given.setdefault(rule.trigger, set())
        yield from _at(where, _of_rule(rule, campaign))
        yield from _of_conditions(where, rule.conditions, rule.trigger, known)
        for index, result in enumerate(rule.results, start=1):
            around = Surroundings(rule.trigger, known, earlier, check_template)
            place = f"{where}, result {index} ({snake(type(result).__name__)})"
            yield from _at(place, checks_of_results.problems_of(result, around))
            if checks_of_results.gives(result):
                earlier.add(result.uuid)


def _of_rule(rule: Rule, campaign: Campaign) -> Iterator[str]:
    conditions = (*campaign.conditions, *rule.conditions)
    if not rule.results:
        yield "has no result"
    yield from _of_trigger(rule)
    if rule.times_per_call is not None and rule.times_per_call < 1:
        yield "times_per_call is at least 1"
    if _may_give_too_many_coupons(rule, conditions):
        yield f"gives coupons and repeats: times_per_call must be there, and at most {MOST_COUPONS}"
    if rule.group is not None and not rule.group.name.strip():
        yield "its group has no name"
    yield from _of_throttles(rule)
    for value_type, count in _thresholds(conditions).items():
        if count > 1:
            yield f"{count} conditions take thresholds of {value_type}"


def _of_trigger(rule: Rule) -> Iterator[str]:
    if rule.trigger is Trigger.DATE:
        if rule.occasion is None:
            yield "has trigger date, but no occasion"
        else:
            yield from checks.occasion(rule.occasion)
    elif rule.occasion is not None:
        yield "has an occasion, but not trigger date"


def _of_throttles(rule: Rule) -> Iterator[str]:
    for throttle in rule.throttles:
        if throttle.times < 1:
            yield "a throttle lets the rule fire at least once"
        yield from checks.window(throttle.window)
    if sum(throttle.per is Per.BRAND for throttle in rule.throttles) > 1:
        yield "has more than one throttle for the whole brand"


def _may_give_too_many_coupons(rule: Rule, conditions: Iterable[Condition]) -> bool:
    gives = any(isinstance(result, AllocateCoupon) for result in rule.results)
    few = rule.times_per_call is not None and rule.times_per_call <= MOST_COUPONS
    return gives and not few and can_claim(conditions)


def _thresholds(conditions: Iterable[Condition]) -> Counter[str]:
    return Counter(
        leaf.value_type for leaf in leaves(conditions) if isinstance(leaf, c.Balance) and leaf.take_threshold
    )


def _of_conditions(where: str, conditions: Iterable[Condition], trigger: Trigger, known: Known) -> Iterator[str]:
    for index, condition in enumerate(conditions, start=1):
        place = f"{where}, condition {index} ({snake(type(condition).__name__)})"
        yield from _at(place, checks_of_conditions.problems_of(condition, trigger, known))


def _at(where: str, texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield f"{where}: {text}."
