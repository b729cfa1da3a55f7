"""What results do, in words. Pure."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from apps.campaigns.core import results as r
from apps.campaigns.core.kinds import Channel
from apps.campaigns.core.texts import plain
from apps.campaigns.core.wording import items_in_words

SENDS = {
    Channel.DIRECT: "Answer",
    Channel.EMAIL: "Send an e-mail",
    Channel.SMS: "Send an SMS",
    Channel.WEBHOOK: "Call a webhook",
    Channel.SOCIAL: "Post to a social network",
}
NO_NAMES: Mapping[UUID, str] = {}


def does(result: r.AnyResult, *, currency: str, names: Mapping[UUID, str] = NO_NAMES) -> str:
    """What the result does when its rule fires: `Issue 10 Points`. `names` of results that others refer to."""
    return _DOES[type(result)](result, _Words(currency, names))


class _Words:
    def __init__(self, currency: str, names: Mapping[UUID, str]) -> None:
        self.currency = currency
        self.names = names

    def amount(self, amount: r.Amount) -> str:
        """How much an issue gives."""
        match amount:
            case r.Fixed():
                return plain(amount.amount)
            case r.RandomBetween():
                return f"{plain(amount.minimum)} to {plain(amount.maximum)} (drawn at random)"
            case r.PerItem():
                return f"{plain(amount.amount)} for each unit of {items_in_words(amount.items)}"
            case r.PerUnit():
                each = f"{'full ' if amount.whole_units else ''}{plain(amount.per)} {self.currency}"
                base = "the total" if amount.items is None else f"what {items_in_words(amount.items)} costs"
                return f"{plain(amount.amount)} for each {each} of {base}"
            case r.MultipleOf():
                return f"{plain(amount.factor)} times what “{self.names.get(amount.result, 'another result')}” gave"


def _when(moment: r.Moment | None, word: str) -> str:
    if moment is None:
        return ""
    if moment.on is not None:
        return f", {word} on {moment.on}"
    spans = ((moment.months, "month"), (moment.days, "day"))
    after = " and ".join(f"{count} {unit}{'s' if count != 1 else ''}" for count, unit in spans if count)
    return f", {word} {f'{after} later' if after else 'the same day'}"


def _up_to(limit: bool) -> str:
    return ", as much as fits under the maximum" if limit else ""


def _issue(it: r.IssueBalance, words: _Words) -> str:
    dates = _when(it.starts, "active") + _when(it.expires, "expires")
    if isinstance(it.amount, r.Fixed | r.RandomBetween):
        return f"Issue {words.amount(it.amount)} {it.value_type}{dates}{_up_to(it.up_to_limit)}"
    return f"Issue {it.value_type}: {words.amount(it.amount)}{dates}{_up_to(it.up_to_limit)}"


def _redeem(it: r.RedeemBalance, words: _Words) -> str:
    return f"Take {'all' if it.amount is None else plain(it.amount)} {it.value_type}"


def _convert(it: r.Convert, words: _Words) -> str:
    often = ", as often as there is enough" if it.repeats else ""
    turn = f"Turn {plain(it.threshold)} {it.take} into {plain(it.reward)} {it.give}"
    return f"{turn}{often}{_when(it.expires, 'expires')}{_up_to(it.up_to_limit)}"


def _discount(it: r.Discount, words: _Words) -> str:
    money = f"{plain(it.value)} {words.currency}"
    cap = "" if it.cap is None else f", at most {plain(it.cap)} {words.currency}"
    base = _base(it)
    match it.take:
        case r.DiscountKind.PERCENT:
            return f"Take {plain(it.value)} % off {base}{cap}"
        case r.DiscountKind.PRICE:
            each = base if it.of is r.TargetKind.TOTAL else f"each unit of {base}"
            return f"Make {each} cost {money}{cap}"
        case r.DiscountKind.SHARED_AMOUNT:
            return f"Take {money} off {base}, shared among the units{cap}"
        case r.DiscountKind.AMOUNT:
            each = base if it.of is r.TargetKind.TOTAL else f"each unit of {base}"
            return f"Take {money} off {each}{cap}"


def _base(it: r.Discount) -> str:
    items = items_in_words(it.items)
    match it.of:
        case r.TargetKind.TOTAL:
            return "the total"
        case r.TargetKind.ITEMS:
            return items
        case r.TargetKind.EVERY_NTH:
            return f"every {it.n}. unit of {items}"
        case r.TargetKind.NTH:
            return f"the {it.n}. unit of {items}"
        case r.TargetKind.CHEAPEST:
            return f"the {it.n} cheapest of {items}"
        case r.TargetKind.MOST_EXPENSIVE:
            return f"the {it.n} most expensive of {items}"


def _use_coupon(it: r.UseCoupon, words: _Words) -> str:
    kinds = (("of set", it.sets), ("with tag", it.tags))
    return "Use a coupon of the card " + " or ".join(f"{kind} {', '.join(names)}" for kind, names in kinds if names)


def _set_field(it: r.SetField, words: _Words) -> str:
    match it.action:
        case r.FieldAction.SET:
            return f"Set the field {it.field} to “{it.value}”"
        case r.FieldAction.INCREMENT:
            return f"Add {it.value} to the field {it.field}"
        case r.FieldAction.RESET:
            return f"Empty the field {it.field}"


_DOES: dict[type, Callable[[Any, _Words], str]] = {
    r.IssueBalance: _issue,
    r.RedeemBalance: _redeem,
    r.Convert: _convert,
    r.Discount: _discount,
    r.AllocateCoupon: lambda it, words: f"Give a coupon of set {it.coupon_set}",
    r.UseCoupon: _use_coupon,
    r.LogEvent: lambda it, words: f"Log the event {it.category}",
    r.SetField: _set_field,
    r.Notify: lambda it, words: f"{SENDS[it.channel]}: “{it.subject or it.text}”",
    r.Enrol: lambda it, words: "Enrol the card",
}
