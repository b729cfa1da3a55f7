"""What met conditions ask for when their rule fires: how often it may, thresholds to take, coupons to use. Pure.

Conditions that are negated, or lie in a negated group, claim nothing. Of a group of alternatives the first one that is
met counts; all others claim nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from apps.campaigns.core import conditions as c
from apps.campaigns.core.meeting import is_met, usable_coupon
from apps.campaigns.core.scene import Scene


@dataclass(frozen=True, slots=True)
class Claim:
    """A threshold to take, or (`coupon`) a coupon to use. `of_campaign`: a condition that binds the whole campaign,
    which takes once a call, however many rules it lets fire."""

    condition: c.Balance | c.CouponFrom
    of_campaign: bool
    coupon: str = ""


@dataclass(slots=True)
class Claims:
    """`times` the rule may fire by its conditions that repeat; with none of these, once."""

    times: int | None = None
    claims: list[Claim] = field(default_factory=list)


NO_CLAIMS = Claims()


def can_claim(conditions: Iterable[c.Condition]) -> bool:
    """Whether any of the conditions may ever claim something. Known before any call."""
    return any(_can_claim(each) for each in conditions)


def claims_of(campaign: Iterable[c.Condition], rule: Iterable[c.Condition], scene: Scene) -> Claims:
    """The claims of conditions that are all met, the campaign's first."""
    found = Claims()
    for of_campaign, conditions in ((True, campaign), (False, rule)):
        for condition in _met_leaves(conditions, scene):
            _add(found, condition, of_campaign, scene)
    return found


def _can_claim(condition: c.Condition) -> bool:
    match condition:
        case c.Every() | c.AnyOf():
            return not condition.negated and can_claim(condition.conditions)
        case c.CouponFrom():
            return not condition.negated
        case c.CheckoutTotal() | c.BasketHas():
            return condition.repeats and not condition.negated
        case c.Balance():
            return condition.take_threshold and not condition.negated
    return False


def _met_leaves(conditions: Iterable[c.Condition], scene: Scene) -> Iterator[c.Condition]:
    for condition in conditions:
        if condition.negated:
            continue
        if isinstance(condition, c.Every):
            yield from _met_leaves(condition.conditions, scene)
        elif isinstance(condition, c.AnyOf):
            yield from _met_leaves([next(each for each in condition.conditions if is_met(each, scene))], scene)
        else:
            yield condition


def _add(found: Claims, condition: c.Condition, of_campaign: bool, scene: Scene) -> None:
    if condition.uuid in scene.world.paid:
        return
    match condition:
        case c.CouponFrom():
            coupon = usable_coupon(condition, scene)
            assert coupon is not None, "the condition is met"
            found.claims.append(Claim(condition, of_campaign, coupon.code))
        case c.Balance(take_threshold=True):
            found.claims.append(Claim(condition, of_campaign))
            if not (condition.once or of_campaign):
                _bound(found, scene.world.free[condition.value_type], condition.minimum)
        case c.CheckoutTotal(repeats=True):
            _bound(found, scene.total, condition.minimum)
        case c.BasketHas(repeats=True):
            _bound(found, scene.shelf.quantity(condition.items), condition.minimum_quantity)


def _bound(found: Claims, there_is: Decimal, for_each: Decimal | None) -> None:
    """The rule may fire once for each `for_each`; conditions that repeat without a minimum say nothing."""
    if for_each is not None and for_each > 0:
        times = int(there_is // for_each)
        found.times = times if found.times is None else min(found.times, times)
