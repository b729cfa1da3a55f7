"""What is wrong with a condition. Pure."""

from collections.abc import Iterator
from dataclasses import fields

from apps.campaigns.core import checks
from apps.campaigns.core import conditions as c
from apps.campaigns.core.kinds import Trigger
from apps.campaigns.core.known import Known, missing
from apps.customers.core.customer import Demographics

_CUSTOMER_FIELDS = frozenset(field.name for field in fields(Demographics))
_GENDERS = frozenset(("F", "M"))
_WITH_BASKET = (Trigger.CHECKOUT, Trigger.RETURN)
_ONLY_IN: dict[type, tuple[Trigger, ...]] = {
    c.CheckoutTotal: _WITH_BASKET,
    c.ItemCount: _WITH_BASKET,
    c.BasketHas: _WITH_BASKET,
    c.ExtremeItem: _WITH_BASKET,
    c.CouponFrom: (Trigger.CHECKOUT,),
    c.PaidBy: (Trigger.CHECKOUT,),
    c.ReferralGiven: (Trigger.CHECKOUT,),
    c.NthCheckout: (Trigger.CHECKOUT,),
    c.CustomKey: (Trigger.CHECKOUT, Trigger.CUSTOM),
    c.EventLogged: (Trigger.EVENT, Trigger.ACCOUNT_UPDATE, Trigger.ENROLMENT),
    c.MessageSays: (Trigger.MESSAGE,),
    c.BalanceMoved: (Trigger.BALANCE_UPDATE,),
    c.ReferredSales: (Trigger.REFERRAL_PERIOD,),
}
"""Kinds that only calls with these triggers can meet."""


def problems_of(condition: c.Condition, trigger: Trigger, known: Known) -> Iterator[str]:
    """Problems of one condition, those in a group included."""
    allowed = _ONLY_IN.get(type(condition))
    if allowed is not None and trigger not in allowed:
        yield f"has no meaning with trigger {trigger}"
    wrong = list(checks.numbers(condition))
    yield from wrong or _of_kind(condition, known)
    if isinstance(condition, c.Every | c.AnyOf):
        if not condition.conditions:
            yield "the group is empty"
        for part in condition.conditions:
            yield from problems_of(part, trigger, known)


def _of_kind(condition: c.Condition, known: Known) -> Iterator[str]:
    yield from _of_place_and_time(condition, known)
    yield from _of_basket(condition, known)
    yield from _of_card(condition, known)
    yield from _of_customer(condition, known)
    yield from _of_trigger(condition, known)


def _of_place_and_time(condition: c.Condition, known: Known) -> Iterator[str]:
    match condition:
        case c.LocationIs():
            yield from checks.some(condition.locations + condition.groups, "location and no group")
            yield from missing("location", condition.locations, known.locations)
            yield from missing("group", condition.groups, known.groups)
        case c.TerminalIs():
            yield from checks.some(condition.terminals, "terminal")
            yield from missing("terminal", condition.terminals, known.terminals)
        case c.DateRange(first=first, last=last):
            if first is None and last is None:
                yield "says neither a first nor a last day"
            elif first is not None and last is not None and first > last:
                yield "the first day is after the last one"
        case c.TimeOfWeek():
            if not condition.days and condition.since is None and condition.until is None:
                yield "says neither a day nor a time"
            if not all(1 <= day <= 7 for day in condition.days):
                yield "days of the week are 1 (Monday) to 7 (Sunday)"
            if condition.since is not None and condition.since == condition.until:
                yield "begins and ends at the same time"
        case c.OccasionToday():
            yield from checks.occasion(condition.occasion)


def _of_basket(condition: c.Condition, known: Known) -> Iterator[str]:
    match condition:
        case c.CheckoutTotal():
            yield from checks.bounds(condition.minimum, condition.maximum)
            if condition.repeats and not condition.minimum:
                yield "repeats for each minimum, but has none"
        case c.ItemCount():
            yield from checks.bounds(condition.minimum, condition.maximum)
        case c.BasketHas():
            yield from checks.items(condition.items, known)
            yield from checks.bounds(condition.minimum_quantity, condition.maximum_quantity, needed=False)
            yield from checks.bounds(condition.minimum_amount, condition.maximum_amount, needed=False)
            if condition.repeats and not condition.minimum_quantity:
                yield "repeats for each minimum_quantity, but has none"
        case c.ExtremeItem():
            yield from checks.items(condition.items, known)
        case c.CustomKey(key=""):
            yield "names no key"
        case c.CouponFrom():
            yield from checks.some(condition.sets + condition.tags, "coupon set and no tag")
            yield from missing("coupon set", condition.sets, known.coupon_sets)
        case c.PaidBy():
            yield from checks.bounds(condition.minimum, None)
        case c.NthCheckout():
            if condition.n < 1:
                yield "checkouts are counted from 1"


def _of_card(condition: c.Condition, known: Known) -> Iterator[str]:
    match condition:
        case c.ProgramIs():
            yield from checks.some(condition.programs, "program")
            yield from missing("program", condition.programs, known.programs)
        case c.CardSetIs():
            yield from checks.some(condition.card_sets, "card set")
            yield from missing("card set", condition.card_sets, known.card_sets)
        case c.Balance():
            yield from missing("value type", (condition.value_type,), known.value_types)
            yield from checks.bounds(condition.minimum, condition.maximum)
            if condition.take_threshold and not condition.minimum:
                yield "takes its minimum, but has none"
            if condition.take_threshold and condition.negated:
                yield "cannot be negated and take its threshold"
        case c.InSegment():
            yield from checks.some(condition.segments, "segment")
            yield from missing("segment", condition.segments, known.segments)
        case c.Spent() | c.Visited():
            yield from checks.window(condition.window)
            yield from checks.bounds(condition.minimum, condition.maximum)
        case c.LastVisit():
            yield from checks.bounds(condition.minimum_days, condition.maximum_days)
        case c.EventCount():
            yield from missing("event type", (condition.category,), known.event_types)
            yield from checks.window(condition.window)
            yield from checks.bounds(condition.minimum, condition.maximum)


def _of_customer(condition: c.Condition, known: Known) -> Iterator[str]:
    match condition:
        case c.CustomerField():
            yield from missing("field of customers", (condition.field,), _CUSTOMER_FIELDS)
            yield from _comparison(condition)
        case c.BrandField():
            yield from missing("brand demographic", (condition.field,), known.fields)
            yield from _comparison(condition)
        case c.GenderIs():
            yield from checks.some(condition.genders, "gender")
            yield from missing("gender", condition.genders, _GENDERS)
        case c.OptedIn():
            yield from missing("list or third party", (condition.by,), known.opt_ins)


def _comparison(condition: c.CustomerField | c.BrandField) -> Iterator[str]:
    if condition.compare is c.Compare.BETWEEN:
        if condition.minimum is None and condition.maximum is None:
            yield "says neither a minimum nor a maximum"
        elif condition.minimum is not None and condition.maximum is not None and condition.minimum > condition.maximum:
            yield "the minimum is above the maximum"
    elif condition.compare is not c.Compare.PRESENT:
        yield from checks.some(condition.values, "value")


def _of_trigger(condition: c.Condition, known: Known) -> Iterator[str]:
    match condition:
        case c.EventLogged():
            yield from checks.some(condition.categories, "event type")
            yield from missing("event type", condition.categories, known.event_types)
        case c.MessageSays():
            yield from checks.some(tuple(word.strip() for word in condition.words), "word")
        case c.BalanceMoved():
            yield from missing("value type", filter(None, (condition.value_type,)), known.value_types)
            yield from checks.bounds(condition.minimum, None)
        case c.ReferredSales():
            yield from checks.bounds(condition.minimum_total, None)
            yield from checks.bounds(condition.minimum_count, None)
