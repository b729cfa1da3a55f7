"""Whether conditions are met. Pure.

One function a kind says whether the condition holds as it is written; `is_met` adds negation and calls without a card.

A call without a card (or without a basket, for conditions about one) has nothing that could fit. For the basket that is
a plain no, which negation turns into a yes. About the card it is no answer at all: such a condition is not met,
negated or not, and neither is a negated group that contains one at any depth, whatever else the group contains; a group
that is not negated counts as met by its other conditions.
"""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, get_args
from zoneinfo import ZoneInfo

from apps.campaigns.core import conditions as c
from apps.campaigns.core.facts import Card, Coupon
from apps.campaigns.core.kinds import EVER, Trigger
from apps.campaigns.core.occasions import ABOUT_THE_CARD, is_today
from apps.campaigns.core.scene import Scene
from apps.kernel.amounts import ZERO

_CARD_KINDS = frozenset(get_args(c.ABOUT_THE_CARD))


def is_met(condition: c.Condition, scene: Scene) -> bool:
    """Whether the condition, with its negation, is met."""
    if scene.facts.card is None and _needs_card(condition):
        return False
    return _KINDS[type(condition)](condition, scene) is not condition.negated


def about_card(condition: c.Condition) -> bool:
    """Whether this kind of condition is about the card."""
    if isinstance(condition, c.OccasionToday):
        return condition.occasion.what in ABOUT_THE_CARD
    return type(condition) in _CARD_KINDS


def usable_coupon(condition: c.CouponFrom, scene: Scene) -> Coupon | None:
    """The first coupon sent that fits and that no earlier rule has used; if there is none, the first that fits: one
    coupon may serve several rules, and two coupons two."""
    used = scene.world.used
    fitting = [each for each in scene.shelf.basket.coupons if fits(each, condition)]
    return next((each for each in fitting if each.code not in used), fitting[0] if fitting else None)


def fits(coupon: Coupon, wanted: Any) -> bool:
    """Whether a coupon is of one of the `sets`, or has one of the `tags`, of a condition or a result."""
    return coupon.coupon_set in wanted.sets or any(tag in wanted.tags for tag in coupon.tags)


def within(amount: Any, minimum: Any, maximum: Any) -> bool:
    """Whether an amount lies between two bounds, ends included; None: no bound."""
    return (minimum is None or amount >= minimum) and (maximum is None or amount <= maximum)


def _needs_card(condition: c.Condition) -> bool:
    if isinstance(condition, c.Every | c.AnyOf):
        return condition.negated and _contains_card(condition)
    return about_card(condition)


def _contains_card(condition: c.Condition) -> bool:
    if isinstance(condition, c.Every | c.AnyOf):
        return any(_contains_card(each) for each in condition.conditions)
    return about_card(condition)


# --- groups ----------------------------------------------------------------------------------------------------------


def _every(condition: c.Every, scene: Scene) -> bool:
    return all(is_met(each, scene) for each in condition.conditions)


def _any_of(condition: c.AnyOf, scene: Scene) -> bool:
    return any(is_met(each, scene) for each in condition.conditions)


# --- where and when --------------------------------------------------------------------------------------------------


def _location_is(condition: c.LocationIs, scene: Scene) -> bool:
    place = scene.facts.place
    return place.location in condition.locations or any(group in condition.groups for group in place.groups)


def _terminal_is(condition: c.TerminalIs, scene: Scene) -> bool:
    return scene.facts.place.terminal in condition.terminals


def _employee_given(condition: c.EmployeeGiven, scene: Scene) -> bool:
    employee = scene.facts.place.employee
    return employee is not None and (not condition.employees or employee in condition.employees)


def _date_range(condition: c.DateRange, scene: Scene) -> bool:
    return within(scene.facts.today, condition.first, condition.last)


def _time_of_week(condition: c.TimeOfWeek, scene: Scene) -> bool:
    """A span over midnight belongs to the day on which it begins: Friday 22:00 to 02:00 includes Saturday 01:00."""
    local = scene.facts.now.astimezone(ZoneInfo(scene.facts.place.zone))
    since, until, now = condition.since, condition.until, local.time()
    if since is not None and until is not None and since > until:
        if not (now >= since or now < until):
            return False
        day = local.date() - timedelta(days=now < until)
        return not condition.days or day.isoweekday() in condition.days
    in_time = (since is None or now >= since) and (until is None or now < until)
    return in_time and (not condition.days or local.isoweekday() in condition.days)


def _occasion_today(condition: c.OccasionToday, scene: Scene) -> bool:
    return is_today(condition.occasion, scene.facts.today, scene.facts.card)


# --- the basket ------------------------------------------------------------------------------------------------------


def _checkout_total(condition: c.CheckoutTotal, scene: Scene) -> bool:
    return scene.facts.basket is not None and within(scene.total, condition.minimum, condition.maximum)


def _item_count(condition: c.ItemCount, scene: Scene) -> bool:
    return scene.facts.basket is not None and within(scene.shelf.units, condition.minimum, condition.maximum)


def _basket_has(condition: c.BasketHas, scene: Scene) -> bool:
    """Without any bound: at least something of these items. With upper bounds only, none of them is few enough."""
    shelf, low, high = scene.shelf, condition.minimum_quantity, condition.maximum_quantity
    if scene.facts.basket is None:
        return False
    quantity = shelf.quantity(condition.items)
    if condition.minimum_amount is None and condition.maximum_amount is None:
        return within(quantity, low, high) if (low is not None or high is not None) else quantity > 0
    cost = shelf.cost(condition.items)
    return within(quantity, low, high) and within(cost, condition.minimum_amount, condition.maximum_amount)


def _extreme_item(condition: c.ExtremeItem, scene: Scene) -> bool:
    lines = scene.shelf.lines
    prices = [line.unit_price for line in lines if line.quantity]
    if not prices:
        return False
    price = min(prices) if condition.which is c.Extreme.CHEAPEST else max(prices)
    found = (lines[number] for number in scene.shelf.find(condition.items))
    return any(line.quantity and line.unit_price == price for line in found)


def _custom_key(condition: c.CustomKey, scene: Scene) -> bool:
    return any(
        key == condition.key and (not condition.values or value in condition.values) for key, value in scene.facts.keys
    )


def _coupon_from(condition: c.CouponFrom, scene: Scene) -> bool:
    return condition.uuid in scene.world.paid or usable_coupon(condition, scene) is not None


def _paid_by(condition: c.PaidBy, scene: Scene) -> bool:
    pays = [
        payment.pays
        for payment in scene.shelf.basket.payments
        if not condition.payment_types or payment.payment_type in condition.payment_types
    ]
    return bool(pays) and sum(pays, ZERO) >= condition.minimum


def _referral_given(condition: c.ReferralGiven, scene: Scene) -> bool:
    return scene.shelf.basket.referring_card is not None


# --- the card: is_met has seen that there is one ---------------------------------------------------------------------


def _nth_checkout(condition: c.NthCheckout, scene: Scene) -> bool:
    number = checkout_number(scene)
    return number == condition.n or (condition.every and number > 0 and number % condition.n == 0)


def checkout_number(scene: Scene) -> int:
    """Which of the card's checkouts this is, from 1; 0 for other calls."""
    if scene.facts.trigger is not Trigger.CHECKOUT:
        return 0
    ever = _card(scene).spent.get(EVER.key)
    return (ever.checkouts if ever else 0) + 1


def _program_is(condition: c.ProgramIs, scene: Scene) -> bool:
    return _card(scene).program in condition.programs


def _card_set_is(condition: c.CardSetIs, scene: Scene) -> bool:
    return _card(scene).card_set in condition.card_sets


def _card_is_child(condition: c.CardIsChild, scene: Scene) -> bool:
    return _card(scene).is_child


def _enrolled(condition: c.Enrolled, scene: Scene) -> bool:
    return scene.world.enrolled


def _balance(condition: c.Balance, scene: Scene) -> bool:
    if condition.uuid in scene.world.paid:
        return True
    free = scene.world.free.get(condition.value_type)
    return free is not None and within(free, condition.minimum, condition.maximum)


def _in_segment(condition: c.InSegment, scene: Scene) -> bool:
    return any(segment in condition.segments for segment in _card(scene).segments)


def _spent(condition: c.Spent, scene: Scene) -> bool:
    known = _card(scene).spent.get(condition.window.key)
    return within(known.spend if known else ZERO, condition.minimum, condition.maximum)


def _visited(condition: c.Visited, scene: Scene) -> bool:
    return within(_card(scene).visits.get(condition.window.key, 0), condition.minimum, condition.maximum)


def _last_visit(condition: c.LastVisit, scene: Scene) -> bool:
    days = days_since_visit(scene)
    return days is not None and within(days, condition.minimum_days, condition.maximum_days)


def days_since_visit(scene: Scene) -> int | None:
    """Days of the brand's calendar since the last visit; None: there was none."""
    card = scene.facts.card
    if card is None or card.last_visit is None:
        return None
    return (scene.facts.today - card.last_visit.astimezone(ZoneInfo(scene.facts.zone)).date()).days


def _customer_field(condition: c.CustomerField, scene: Scene) -> bool:
    value = _card(scene).customer.get(condition.field, "")
    return bool(value) and _compares(condition, (value,))


def _brand_field(condition: c.BrandField, scene: Scene) -> bool:
    return _compares(condition, _card(scene).fields.get(condition.field, ()))


def _compares(condition: c.CustomerField | c.BrandField, known: Iterable[str]) -> bool:
    wanted = [value.casefold() for value in condition.values]
    match condition.compare:
        case c.Compare.PRESENT:
            return any(known)
        case c.Compare.ONE_OF:
            return any(value.casefold() in wanted for value in known)
        case c.Compare.CONTAINS:
            return any(part in value.casefold() for value in known for part in wanted)
        case c.Compare.STARTS_WITH:
            return any(value.casefold().startswith(start) for value in known for start in wanted)
        case c.Compare.BETWEEN:
            numbers = (_number(value) for value in known)
            return any(
                number is not None and within(number, condition.minimum, condition.maximum) for number in numbers
            )


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _gender_is(condition: c.GenderIs, scene: Scene) -> bool:
    return _card(scene).customer.get("gender") in condition.genders


def _event_count(condition: c.EventCount, scene: Scene) -> bool:
    counts = _card(scene).events.get(condition.category, {})
    return within(counts.get(condition.window.key, 0), condition.minimum, condition.maximum)


def _opted_in(condition: c.OptedIn, scene: Scene) -> bool:
    return condition.by in _card(scene).opted_in


def _card(scene: Scene) -> Card:
    card = scene.facts.card
    assert card is not None, "is_met has seen to it"
    return card


# --- what triggered --------------------------------------------------------------------------------------------------


def _event_logged(condition: c.EventLogged, scene: Scene) -> bool:
    return any(category in condition.categories for category in scene.facts.logged)


def _message_says(condition: c.MessageSays, scene: Scene) -> bool:
    """White space around and between words does not count; `anywhere` finds whole words only."""
    text = _plain(scene.facts.message or "")
    words = [_plain(word) for word in condition.words]
    if not condition.anywhere:
        return text in words
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _balance_moved(condition: c.BalanceMoved, scene: Scene) -> bool:
    facts = scene.facts
    return (
        facts.movement == condition.movement
        and condition.value_type in ("", facts.moved)
        and facts.moved_amount >= condition.minimum
    )


def _referred_sales(condition: c.ReferredSales, scene: Scene) -> bool:
    facts = scene.facts
    return facts.referred_total >= condition.minimum_total and facts.referred_count >= condition.minimum_count


_KINDS: dict[type, Callable[[Any, Scene], bool]] = {
    c.Every: _every,
    c.AnyOf: _any_of,
    c.LocationIs: _location_is,
    c.TerminalIs: _terminal_is,
    c.EmployeeGiven: _employee_given,
    c.DateRange: _date_range,
    c.TimeOfWeek: _time_of_week,
    c.OccasionToday: _occasion_today,
    c.CheckoutTotal: _checkout_total,
    c.ItemCount: _item_count,
    c.BasketHas: _basket_has,
    c.ExtremeItem: _extreme_item,
    c.CustomKey: _custom_key,
    c.CouponFrom: _coupon_from,
    c.PaidBy: _paid_by,
    c.ReferralGiven: _referral_given,
    c.NthCheckout: _nth_checkout,
    c.ProgramIs: _program_is,
    c.CardSetIs: _card_set_is,
    c.CardIsChild: _card_is_child,
    c.Enrolled: _enrolled,
    c.Balance: _balance,
    c.InSegment: _in_segment,
    c.Spent: _spent,
    c.Visited: _visited,
    c.LastVisit: _last_visit,
    c.CustomerField: _customer_field,
    c.BrandField: _brand_field,
    c.GenderIs: _gender_is,
    c.EventCount: _event_count,
    c.OptedIn: _opted_in,
    c.EventLogged: _event_logged,
    c.MessageSays: _message_says,
    c.BalanceMoved: _balance_moved,
    c.ReferredSales: _referred_sales,
}
