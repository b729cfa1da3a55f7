"""What is wrong with a result. Pure."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.campaigns.core import checks
from apps.campaigns.core import results as r
from apps.campaigns.core.kinds import Channel, Trigger
from apps.campaigns.core.known import Known, missing

LONGEST_WAIT = 36_500
"""Days until issued value starts or ends."""
FIRST_YEAR, LAST_YEAR = 1900, 9000
"""In which value may start or end on a fixed day: the moment fits a column in whatever zone."""
_WITH_BASKET = (Trigger.CHECKOUT, Trigger.RETURN)
_WITH_ANSWER = (Trigger.CHECKOUT, Trigger.CUSTOM)

CheckTemplate = Callable[[str], Sequence[str]]
"""Says what is wrong with a template."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a result stands: the trigger of its rule, and the results before it that gave something."""

    trigger: Trigger
    known: Known
    earlier: Collection[UUID]
    check_template: CheckTemplate


def gives(result: r.AnyResult) -> bool:
    """Whether another result can be a multiple of what this one gives."""
    return isinstance(result, r.IssueBalance | r.Convert | r.Discount)


def problems_of(result: r.AnyResult, around: Surroundings) -> Iterator[str]:
    """Problems of one result."""
    wrong = list(checks.numbers(result))
    yield from wrong or _of_kind(result, around)


def _of_kind(result: r.AnyResult, around: Surroundings) -> Iterator[str]:
    yield from _of_value(result, around)
    yield from _of_discount(result, around)
    yield from _of_coupons(result, around)
    yield from _of_texts(result, around)


def _of_value(result: r.AnyResult, around: Surroundings) -> Iterator[str]:
    known = around.known.value_types
    match result:
        case r.IssueBalance():
            yield from missing("value type", (result.value_type,), known)
            yield from _amount(result.amount, around)
            for moment in filter(None, (result.starts, result.expires)):
                yield from _moment(moment)
            if result.starts and result.expires and _is_before(result.expires, result.starts):
                yield "expires before it starts"
        case r.RedeemBalance():
            yield from missing("value type", (result.value_type,), known)
            yield from checks.positive(result.amount, "amount")
        case r.Convert():
            yield from missing("value type", (result.take, result.give), known)
            yield from checks.positive(result.threshold, "threshold")
            yield from checks.positive(result.reward, "reward")
            if result.take == result.give:
                yield "converts a value type into itself"
            if result.expires:
                yield from _moment(result.expires)


def _amount(amount: r.Amount, around: Surroundings) -> Iterator[str]:
    if isinstance(amount, r.PerUnit | r.PerItem):
        if around.trigger not in _WITH_BASKET:
            yield f"there is no basket with trigger {around.trigger}"
        yield from checks.items(amount.items, around.known)
    match amount:
        case r.RandomBetween():
            yield from checks.bounds(amount.minimum, amount.maximum)
            yield from checks.positive(amount.maximum, "maximum")
        case r.MultipleOf():
            yield from checks.positive(amount.factor, "factor")
            if amount.result not in around.earlier:
                yield "is a multiple of what no earlier result of this trigger gives"
        case r.PerUnit():
            yield from checks.positive(amount.amount, "amount")
            yield from checks.positive(amount.per, "per")
        case _:
            yield from checks.positive(amount.amount, "amount")


def _moment(moment: r.Moment) -> Iterator[str]:
    if moment.on is not None:
        day = checks.day(moment.on)
        if day is None:
            yield f"{moment.on!r} is no day (yyyy-MM-dd)"
        elif not FIRST_YEAR <= day.year <= LAST_YEAR:
            yield f"{moment.on} is not between the years {FIRST_YEAR} and {LAST_YEAR}"
        if moment.days or moment.months:
            yield "says a day and a time span"
    elif not (moment.days >= 0 and moment.months >= 0 and moment.days + 31 * moment.months <= LONGEST_WAIT):
        yield f"a time span is 0 to {LONGEST_WAIT:,} days"


def _is_before(first: r.Moment, second: r.Moment) -> bool:
    """Whether this is so for every call; moments of different kinds depend on the day of the call."""
    if (first.on is None) != (second.on is None):
        return False
    return (first.on or "", first.months * 31 + first.days) < (second.on or "", second.months * 28 + second.days)


def _of_discount(result: r.AnyResult, around: Surroundings) -> Iterator[str]:
    if not isinstance(result, r.Discount):
        return
    if around.trigger is not Trigger.CHECKOUT:
        yield "only a checkout can be discounted"
    yield from checks.items(result.items, around.known)
    yield from checks.positive(result.cap, "cap")
    if result.n < 1:
        yield "n is counted from 1"
    if result.take is r.DiscountKind.PRICE:
        if result.value < 0:
            yield "a price is at least 0"
    else:
        yield from checks.positive(result.value, "value")
    if result.take is r.DiscountKind.PERCENT and result.value > Decimal(100):
        yield "a discount is at most 100 percent"


def _of_coupons(result: r.AnyResult, around: Surroundings) -> Iterator[str]:
    known = around.known.coupon_sets
    match result:
        case r.AllocateCoupon():
            yield from missing("coupon set", (result.coupon_set,), known)
            if result.promotion_id == "":
                yield "the promotion is empty"
        case r.UseCoupon():
            yield from checks.some(result.sets + result.tags, "coupon set and no tag")
            yield from missing("coupon set", result.sets, known)
            if around.trigger is Trigger.CHECKOUT:
                yield "in a checkout, coupons are used by conditions"


def _of_texts(result: r.AnyResult, around: Surroundings) -> Iterator[str]:
    match result:
        case r.LogEvent():
            yield from missing("event type", (result.category,), around.known.event_types)
            yield from around.check_template(result.payload)
        case r.SetField():
            yield from missing("brand demographic", (result.field,), around.known.fields)
            yield from around.check_template(result.value)
            if result.action is r.FieldAction.RESET and result.value:
                yield "resets the field and sets it to a value"
            if result.action is not r.FieldAction.RESET and not result.value:
                yield "says no value"
        case r.Notify():
            if result.channel is Channel.DIRECT and around.trigger not in _WITH_ANSWER:
                yield f"with trigger {around.trigger} there is no answer that a direct message could stand in"
            if not result.text:
                yield "the text is empty"
            if result.options.get("list") and not _is_uuid(result.options["list"]):
                yield "the option list is the UUID of a subscription list"
            for template in (result.text, result.subject, result.url):
                yield from around.check_template(template)


def _is_uuid(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True
