"""One rule's attempt to fire: conditions, throttles, results, budgets. Pure.

An attempt changes a copy of the world. It becomes real when whoever asked for it takes that copy.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.campaigns.core import results as r
from apps.campaigns.core import texts
from apps.campaigns.core.act import Act
from apps.campaigns.core.claims import NO_CLAIMS, Claim, Claims, claims_of
from apps.campaigns.core.compile import Candidate
from apps.campaigns.core.conditions import Balance, Condition
from apps.campaigns.core.definitions import Budget
from apps.campaigns.core.discounts import discount
from apps.campaigns.core.facts import Facts
from apps.campaigns.core.kinds import Verdict
from apps.campaigns.core.limits import cost_to, left_of_budget, most_firings, tightest
from apps.campaigns.core.meeting import is_met
from apps.campaigns.core.other_results import allocate_coupon, enrol, log_event, notify, set_field, use_coupon
from apps.campaigns.core.outcome import Cause, CouponUsed, Taken
from apps.campaigns.core.scene import Scene
from apps.campaigns.core.values import convert, issue, redeem
from apps.campaigns.core.world import World
from apps.kernel.amounts import at_scale


@dataclass(frozen=True, slots=True)
class Held:
    """The rule does not fire."""

    verdict: Verdict
    by: str = ""


_NOT_MET = Held(Verdict.CONDITIONS)


def attempt(candidate: Candidate, facts: Facts, world: World) -> Act | Held:
    """What the rule does in this world, or what holds it back. Budgets that the rule would exceed let it fire fewer
    times, if its conditions repeat, but never in part."""
    scene = Scene(facts, world, candidate.own_view)
    if not _all_met(candidate.conditions, scene):
        return _NOT_MET
    campaign, rule = candidate.campaign, candidate.rule
    claims = claims_of(campaign.conditions, rule.conditions, scene) if candidate.may_claim else NO_CLAIMS
    times = most_firings(rule, claims.times)
    if rule.throttles:
        left, throttle = tightest(rule.throttles, rule.uuid, facts)
        if not left:
            return Held(Verdict.THROTTLED, texts.throttled(throttle, anonymous=facts.card is None))
        times = min(times, left)
    return _within_budgets(candidate, scene, claims, times)


def _all_met(conditions: Iterable[Condition], scene: Scene) -> bool:
    for each in conditions:  # noqa: SIM110 - a generator for all() would cost as much as a condition
        if not is_met(each, scene):
            return False
    return True


def _within_budgets(candidate: Candidate, scene: Scene, claims: Claims, times: int) -> Act | Held:
    """The largest number of firings, at most `times`, that all budgets cover, found by halving: more firings take more.
    Where they do not (a result takes what the next one would convert), it may be fewer than possible, never more."""
    act = _carry_out(candidate, scene, claims, times)
    short = _charge(act, scene.world)
    if short is None:
        return act
    best, low, high = None, 0, times
    while high - low > 1:
        middle = (low + high) // 2
        act = _carry_out(candidate, scene, claims, middle)
        short_there = _charge(act, scene.world)
        if short_there is None:
            best, low = act, middle
        else:
            short, high = short_there, middle
    return best or Held(Verdict.OUT_OF_BUDGET, short)


def _charge(act: Act, before: World) -> str | None:
    """Take what the firing costs from the campaign's budgets; or say, for people, which one does not cover it."""
    costs: list[tuple[Budget, Decimal]] = []
    for budget in act.candidate.campaign.budgets:
        cost = cost_to(budget, act.facts, times=act.times, discount=act.discount, effects=act.effects)
        if cost is None:
            return texts.no_rate(act.facts)
        left = left_of_budget(budget, act.facts, before)
        if cost > left:
            return texts.over_budget(budget, act.facts, left, cost)
        costs.append((budget, cost))
    for budget, cost in costs:
        act.world.spend(budget.uuid, cost)
    return None


def _carry_out(candidate: Candidate, scene: Scene, claims: Claims, times: int) -> Act:
    act = Act(candidate, scene._replace(world=scene.world.copy()), times)
    for claim in claims.claims:
        _pay(claim, act)
    for result in candidate.rule.results:
        _KINDS[type(result)](result, act)
    if candidate.counted_per_brand:
        act.world.spend(candidate.rule.uuid, Decimal(times))
    return act


def _pay(claim: Claim, act: Act) -> None:
    """Take the threshold, or use the coupon, that a condition asked for."""
    rule, condition, world = act.candidate.cause, claim.condition, act.world
    cause = Cause(
        campaign=rule.campaign,
        revision=rule.revision,
        rule=None if claim.of_campaign else rule.rule,
        condition=condition.uuid,
        name=condition.name,
    )
    if claim.of_campaign:
        world.paid.add(condition.uuid)
    if not isinstance(condition, Balance):
        if claim.coupon not in world.used:
            world.used.add(claim.coupon)
            act.effects.append(CouponUsed(cause=cause, code=claim.coupon))
        return
    amount = _threshold(condition, act, 1 if condition.once or claim.of_campaign else act.times)
    if amount > 0:
        world.take(condition.value_type, amount)
        as_expiry = condition.counts_as_expiry
        act.effects.append(Taken(cause=cause, value_type=condition.value_type, amount=amount, as_expiry=as_expiry))


def _threshold(condition: Balance, act: Act, times: int) -> Decimal:
    assert act.facts.card is not None, "a condition about the card is met"
    scale = act.facts.card.balances[condition.value_type].scale
    return min(at_scale(condition.minimum or Decimal(0), scale) * times, act.world.free[condition.value_type])


_KINDS: dict[type, Callable[[Any, Act], None]] = {
    r.IssueBalance: issue,
    r.RedeemBalance: redeem,
    r.Convert: convert,
    r.Discount: discount,
    r.AllocateCoupon: allocate_coupon,
    r.UseCoupon: use_coupon,
    r.LogEvent: log_event,
    r.SetField: set_field,
    r.Notify: notify,
    r.Enrol: enrol,
}
