"""What an evaluation decided to do, in words. Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from apps.campaigns.core import outcome as o
from apps.campaigns.core.facts import Facts
from apps.campaigns.core.kinds import Channel
from apps.campaigns.core.results import FieldAction
from apps.campaigns.core.texts import plain
from apps.kernel.amounts import with_digits

_CHANGES = {
    FieldAction.SET: "Set the field",
    FieldAction.INCREMENT: "Added to the field",
    FieldAction.RESET: "Emptied the field",
}

_SENT = {
    Channel.DIRECT: "Answered",
    Channel.EMAIL: "Wrote an e-mail",
    Channel.SMS: "Wrote an SMS",
    Channel.WEBHOOK: "Queued a webhook",
    Channel.SOCIAL: "Wrote to a social network",
}


def did(effect: o.AnyEffect, facts: Facts) -> str:
    """The effect of a call with these facts: `Issued 10 Points`. Texts are templates, not yet filled in."""
    return _DID[type(effect)](effect, facts)


def money(amount: Any, facts: Facts) -> str:
    """`5.00 USD`."""
    return f"{with_digits(amount, at_least=facts.currency_scale):f} {facts.currency}"


def _local(moment: datetime, facts: Facts) -> str:
    return f"{moment.astimezone(ZoneInfo(facts.zone)):%Y-%m-%d %H:%M}"


def _issued(it: o.Issued, facts: Facts) -> str:
    dates = (("active from", it.active_at), ("expires", it.expires_at))
    when = "".join(f", {word} {_local(moment, facts)}" for word, moment in dates if moment is not None)
    return f"{'Converted into' if it.converts else 'Issued'} {plain(it.amount)} {it.value_type}{when}"


def _taken(it: o.Taken, facts: Facts) -> str:
    what = f"{plain(it.amount)} {it.value_type}"
    if it.converts:
        return f"Took {what} to convert"
    return f"Let {what} expire" if it.as_expiry else f"Took {what}"


def _discounted(it: o.Discounted, facts: Facts) -> str:
    if it.sku is None:
        return f"Took {money(it.amount, facts)} off the total"
    units = "" if it.units is None else f"{plain(it.units)} units of "
    return f"Took {money(it.amount, facts)} off {units}{it.sku}"


_DID: dict[type, Callable[[Any, Facts], str]] = {
    o.Issued: _issued,
    o.Taken: _taken,
    o.Discounted: _discounted,
    o.CouponUsed: lambda it, facts: f"Used coupon {it.code}",
    o.CouponGiven: lambda it, facts: f"Gave a coupon of set {it.coupon_set}",
    o.EventLogged: lambda it, facts: f"Logged the event {it.category}",
    o.FieldSet: lambda it, facts: f"{_CHANGES[it.action]} {it.field}",
    o.Notified: lambda it, facts: f"{_SENT[it.channel]}: “{it.subject or it.text}”",
    o.Enrolled: lambda it, facts: "Enrolled the card",
}
