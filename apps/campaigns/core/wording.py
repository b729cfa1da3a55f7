"""What a condition wants and what it saw, in words. Pure."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from apps.campaigns.core import conditions as c
from apps.campaigns.core.facts import Card
from apps.campaigns.core.kinds import Window
from apps.campaigns.core.meeting import about_card, checkout_number, days_since_visit
from apps.campaigns.core.scene import Scene
from apps.campaigns.core.texts import in_window, plain
from apps.kernel.amounts import ZERO, at_scale, with_digits

NO_CARD = "no card was used"
NO_BASKET = "nothing was bought"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def wanted(condition: c.Condition, scene: Scene) -> str:
    """What the condition asks for: `at least 50.00 USD`."""
    text = _WANTED[type(condition)](condition, scene)
    return f"not: {text}" if condition.negated else text


def seen(condition: c.Condition, scene: Scene) -> str:
    """What there was: `48.50 USD`. Empty for groups, whose parts say it."""
    if scene.facts.card is None and about_card(condition):
        return NO_CARD
    if scene.facts.basket is None and isinstance(condition, _ABOUT_THE_BASKET):
        return NO_BASKET
    return _SEEN[type(condition)](condition, scene)


_ABOUT_THE_BASKET = c.CheckoutTotal | c.ItemCount | c.BasketHas | c.ExtremeItem | c.CouponFrom | c.PaidBy


# --- pieces ----------------------------------------------------------------------------------------------------------


def _list(words: Iterable[object]) -> str:
    return ", ".join(map(str, words)) or "none"


def _one_of(words: Sequence[object], otherwise: str = "any") -> str:
    return _list(words) if words else otherwise


def _bounds(low: object, high: object) -> str:
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"at least {low}"
    return "any" if high is None else f"at most {high}"


def _money(amount: Decimal, scene: Scene) -> str:
    """At the currency's decimals; more where the amount has more, but no more than a column keeps."""
    return f"{with_digits(at_scale(amount, 6), at_least=scene.facts.currency_scale)} {scene.facts.currency}"


def _money_bounds(low: Decimal | None, high: Decimal | None, scene: Scene) -> str:
    return _bounds(*(None if amount is None else _money(amount, scene) for amount in (low, high)))


def _number_bounds(low: Decimal | None, high: Decimal | None) -> str:
    return _bounds(*(None if amount is None else plain(amount) for amount in (low, high)))


def items_in_words(items: c.Items) -> str:
    """`SKU a, b or category food except c`."""
    kinds = (("SKU", items.skus), ("category", items.categories), ("tag", items.tags))
    text = " or ".join(f"{kind} {_list(names)}" for kind, names in kinds if names) or "any item"
    return f"{text} except {_list(items.except_skus)}" if items.except_skus else text


def _sets_or_tags(condition: c.CouponFrom) -> str:
    kinds = (("of set", condition.sets), ("with tag", condition.tags))
    return "a coupon " + " or ".join(f"{kind} {_list(names)}" for kind, names in kinds if names)


def _in(window: Window) -> str:
    return in_window(window)


def _card(scene: Scene) -> Card:
    assert scene.facts.card is not None, "seen has looked"
    return scene.facts.card


# --- wanted ----------------------------------------------------------------------------------------------------------


def _wants_time(condition: c.TimeOfWeek, scene: Scene) -> str:
    days = _one_of([WEEKDAYS[day - 1] for day in condition.days], "any day")
    if condition.since is None and condition.until is None:
        return days
    return f"{days}, {condition.since or '00:00'} to {condition.until or '24:00'}"


def _wants_occasion(condition: c.OccasionToday, scene: Scene) -> str:
    occasion = condition.occasion
    text = occasion.what.replace("_", " ")
    match occasion.what:
        case c.Happening.FIXED_DATE:
            text = f"{occasion.on}{' of any year' if occasion.yearly else ''}"
        case c.Happening.WEEKLY:
            text = f"every {WEEKDAYS[occasion.day - 1]}"
        case c.Happening.MONTHLY:
            text = f"day {occasion.day} of the month"
    return f"{text} {occasion.shift:+} days" if occasion.shift else text


def _wants_basket(condition: c.BasketHas, scene: Scene) -> str:
    parts = []
    if condition.minimum_quantity is not None or condition.maximum_quantity is not None:
        parts.append(f"{_number_bounds(condition.minimum_quantity, condition.maximum_quantity)} units")
    if condition.minimum_amount is not None or condition.maximum_amount is not None:
        parts.append(_money_bounds(condition.minimum_amount, condition.maximum_amount, scene))
    return f"{' and '.join(parts) or 'some'} of {items_in_words(condition.items)}"


def _wants_nth(condition: c.NthCheckout, scene: Scene) -> str:
    return f"every {condition.n}. checkout" if condition.every else f"checkout number {condition.n}"


def _wants_field(condition: c.CustomerField | c.BrandField, scene: Scene) -> str:
    match condition.compare:
        case c.Compare.PRESENT:
            return f"{condition.field} is known"
        case c.Compare.ONE_OF:
            return f"{condition.field} is {_list(condition.values)}"
        case c.Compare.CONTAINS:
            return f"{condition.field} contains {_list(condition.values)}"
        case c.Compare.STARTS_WITH:
            return f"{condition.field} starts with {_list(condition.values)}"
        case c.Compare.BETWEEN:
            return f"{condition.field} is {_number_bounds(condition.minimum, condition.maximum)}"


_WANTED: dict[type, Callable[[Any, Scene], str]] = {
    c.Every: lambda _, scene: "all of these",
    c.AnyOf: lambda _, scene: "at least one of these",
    c.LocationIs: lambda it, scene: f"location {_one_of((*it.locations, *it.groups), 'none')}",
    c.TerminalIs: lambda it, scene: f"terminal {_list(it.terminals)}",
    c.EmployeeGiven: lambda it, scene: f"employee {_one_of(it.employees)}",
    c.DateRange: lambda it, scene: f"{it.first or 'any day'} to {it.last or 'any day'}",
    c.TimeOfWeek: _wants_time,
    c.OccasionToday: _wants_occasion,
    c.CheckoutTotal: lambda it, scene: _money_bounds(it.minimum, it.maximum, scene),
    c.ItemCount: lambda it, scene: f"{_number_bounds(it.minimum, it.maximum)} units",
    c.BasketHas: _wants_basket,
    c.ExtremeItem: lambda it, scene: f"the {it.which.replace('_', ' ')} item is {items_in_words(it.items)}",
    c.CustomKey: lambda it, scene: f"{it.key} is {_one_of(it.values)}",
    c.CouponFrom: lambda it, scene: _sets_or_tags(it),
    c.PaidBy: lambda it, scene: f"at least {_money(it.minimum, scene)} paid by {_one_of(it.payment_types)}",
    c.ReferralGiven: lambda _, scene: "a referring card",
    c.NthCheckout: _wants_nth,
    c.ProgramIs: lambda it, scene: f"program {_list(it.programs)}",
    c.CardSetIs: lambda it, scene: f"card set {_list(it.card_sets)}",
    c.CardIsChild: lambda _, scene: "a child card",
    c.Enrolled: lambda _, scene: "enrolled",
    c.Balance: lambda it, scene: f"{_number_bounds(it.minimum, it.maximum)} {it.value_type}",
    c.InSegment: lambda it, scene: f"in segment {_list(it.segments)}",
    c.Spent: lambda it, scene: f"{_money_bounds(it.minimum, it.maximum, scene)} spent {_in(it.window)}",
    c.Visited: lambda it, scene: f"{_bounds(it.minimum, it.maximum)} visits {_in(it.window)}",
    c.LastVisit: lambda it, scene: f"last visit {_bounds(it.minimum_days, it.maximum_days)} days ago",
    c.CustomerField: _wants_field,
    c.BrandField: _wants_field,
    c.GenderIs: lambda it, scene: f"gender {_list(it.genders)}",
    c.EventCount: lambda it, scene: f"{_bounds(it.minimum, it.maximum)} times {it.category} {_in(it.window)}",
    c.OptedIn: lambda it, scene: f"opted in: {it.by}",
    c.EventLogged: lambda it, scene: f"event {_list(it.categories)}",
    c.MessageSays: lambda it, scene: f"{'contains' if it.anywhere else 'is'} {_list(it.words)}",
    c.BalanceMoved: lambda it, scene: f"{it.movement} of at least {plain(it.minimum)} {it.value_type}".rstrip(),
    c.ReferredSales: lambda it, scene: (
        f"at least {_money(it.minimum_total, scene)} in at least {it.minimum_count} checkouts"
    ),
}


# --- seen ------------------------------------------------------------------------------------------------------------


def _saw_time(condition: c.TimeOfWeek, scene: Scene) -> str:
    local = scene.facts.now.astimezone(ZoneInfo(scene.facts.place.zone))
    return f"{WEEKDAYS[local.weekday()]}, {local:%H:%M}"


def _saw_occasion(condition: c.OccasionToday, scene: Scene) -> str:
    today, card = scene.facts.today, scene.facts.card
    match condition.occasion.what:
        case c.Happening.BIRTHDAY | c.Happening.BIRTHDAY_MONTH:
            return f"today is {today}, birthday {(card and card.customer.get('birthday')) or 'unknown'}"
        case c.Happening.ENROLMENT:
            return f"today is {today}, enrolled on {(card and card.enrolled_on) or 'no day'}"
        case c.Happening.ACTIVATION:
            return f"today is {today}, activated on {(card and card.activated_on) or 'no day'}"
    return f"today is {today}"


def _saw_basket(condition: c.BasketHas, scene: Scene) -> str:
    shelf, items = scene.shelf, condition.items
    return f"{plain(shelf.quantity(items))} units, {_money(shelf.cost(items), scene)}"


def _saw_extreme(condition: c.ExtremeItem, scene: Scene) -> str:
    lines = [line for line in scene.shelf.lines if line.quantity]
    pick = min if condition.which is c.Extreme.CHEAPEST else max
    price = pick((line.unit_price for line in lines), default=ZERO)
    return _list(line.sku for line in lines if line.unit_price == price)


def _saw_key(condition: c.CustomKey, scene: Scene) -> str:
    return _list(value for key, value in scene.facts.keys if key == condition.key)


def _saw_coupons(condition: c.CouponFrom, scene: Scene) -> str:
    coupons = scene.shelf.basket.coupons
    return _list(f"{each.code}{' (used)' if each.code in scene.world.used else ''}" for each in coupons)


def _saw_spent(condition: c.Spent, scene: Scene) -> str:
    known = _card(scene).spent.get(condition.window.key)
    return _money(known.spend if known else ZERO, scene)


def _saw_balance(condition: c.Balance, scene: Scene) -> str:
    free = scene.world.free.get(condition.value_type)
    if free is None:
        return f"the card's program has no {condition.value_type}"
    taken = " (the threshold is taken already)" if condition.uuid in scene.world.paid else ""
    return f"{plain(free)} {condition.value_type}{taken}"


def _saw_last_visit(condition: c.LastVisit, scene: Scene) -> str:
    days = days_since_visit(scene)
    return "never came" if days is None else f"{days} days ago"


def _saw_events(condition: c.EventCount, scene: Scene) -> str:
    return f"{_card(scene).events.get(condition.category, {}).get(condition.window.key, 0)} times"


def _saw_referred(condition: c.ReferredSales, scene: Scene) -> str:
    return f"{_money(scene.facts.referred_total, scene)} in {scene.facts.referred_count} checkouts"


def _saw_payments(condition: c.PaidBy, scene: Scene) -> str:
    return _list(f"{each.payment_type} {_money(each.pays, scene)}" for each in scene.shelf.basket.payments)


def _saw_place(condition: c.LocationIs, scene: Scene) -> str:
    place = scene.facts.place
    return _list(each for each in (place.location, *place.groups) if each)


_SEEN: dict[type, Callable[[Any, Scene], str]] = {
    c.Every: lambda _, scene: "",
    c.AnyOf: lambda _, scene: "",
    c.LocationIs: _saw_place,
    c.TerminalIs: lambda _, scene: scene.facts.place.terminal or "none",
    c.EmployeeGiven: lambda _, scene: scene.facts.place.employee or "none",
    c.DateRange: lambda _, scene: str(scene.facts.today),
    c.TimeOfWeek: _saw_time,
    c.OccasionToday: _saw_occasion,
    c.CheckoutTotal: lambda _, scene: _money(scene.total, scene),
    c.ItemCount: lambda _, scene: f"{plain(scene.shelf.units)} units",
    c.BasketHas: _saw_basket,
    c.ExtremeItem: _saw_extreme,
    c.CustomKey: _saw_key,
    c.CouponFrom: _saw_coupons,
    c.PaidBy: _saw_payments,
    c.ReferralGiven: lambda _, scene: scene.shelf.basket.referring_card or "none",
    c.NthCheckout: lambda _, scene: f"checkout number {checkout_number(scene)}",
    c.ProgramIs: lambda _, scene: _card(scene).program,
    c.CardSetIs: lambda _, scene: _card(scene).card_set,
    c.CardIsChild: lambda _, scene: "a child card" if _card(scene).is_child else "a root card",
    c.Enrolled: lambda _, scene: "enrolled" if scene.world.enrolled else "not enrolled",
    c.Balance: _saw_balance,
    c.InSegment: lambda _, scene: _list(_card(scene).segments),
    c.Spent: _saw_spent,
    c.Visited: lambda it, scene: f"{_card(scene).visits.get(it.window.key, 0)} visits",
    c.LastVisit: _saw_last_visit,
    c.CustomerField: lambda it, scene: _card(scene).customer.get(it.field, "") or "not known",
    c.BrandField: lambda it, scene: _list(_card(scene).fields.get(it.field, ())),
    c.GenderIs: lambda _, scene: _card(scene).customer.get("gender", "") or "not known",
    c.EventCount: _saw_events,
    c.OptedIn: lambda it, scene: "opted in" if it.by in _card(scene).opted_in else "not opted in",
    c.EventLogged: lambda _, scene: _list(scene.facts.logged),
    c.MessageSays: lambda _, scene: scene.facts.message or "none",
    c.BalanceMoved: lambda _, scene: (
        f"{scene.facts.movement or 'no movement'} {plain(scene.facts.moved_amount)} {scene.facts.moved}".rstrip()
    ),
    c.ReferredSales: _saw_referred,
}
