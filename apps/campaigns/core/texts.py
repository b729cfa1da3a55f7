"""Words for people: why a result was not carried out, what held a rule back. Pure."""

from decimal import Decimal

from apps.campaigns.core.definitions import Budget, Measure, Per, Throttle
from apps.campaigns.core.kinds import Unit, Window

NO_CARD = "The call has no card."
NO_CHECKOUT = "Only a checkout can be discounted."
IN_CHECKOUT = "In a checkout, coupons are used by conditions."
NO_COUPON = "The card has no coupon that fits."
NOTHING_FREE = "There is not enough free balance."
AT_MAXIMUM = "The balance is at its maximum."
OVER_MAXIMUM = "The balance would go over its maximum."
EXPIRED = "It would have expired already."
TOO_FINE = "The amount is too small for the value type."
ENROLLED = "The card is enrolled already."
A_CHILD = "A child card has no enrolment of its own."


def lacks(value_type: str) -> str:
    """The card's program lacks a value type."""
    return f"The card's program has no {value_type}."


def plain(amount: Decimal) -> str:
    """An amount without exponent and superfluous zeros."""
    return f"{amount.normalize():f}"


def in_window(window: Window) -> str:
    """`in 3 months`, `in all`."""
    if window.unit is Unit.EVER:
        return "in all"
    return f"in {window.count} {window.unit}{'s' if window.count != 1 else ''}"


def throttled(throttle: Throttle, *, anonymous: bool) -> str:
    """Which throttle held a rule back. It is full."""
    if anonymous:
        return "The call has no card, and the rule counts its firings by card."
    who = "per card" if throttle.per is Per.CARD else "for all cards together"
    return f"{throttle.times} of {throttle.times} {who} {in_window(throttle.window)}"


def over_budget(budget: Budget, left: Decimal, wanted: Decimal) -> str:
    """Which budget held a rule back, how full it was, and what the rule would have needed."""
    what = {Measure.DISCOUNT: "discount", Measure.USES: "uses", Measure.VALUE: budget.value_type}[budget.measure]
    return f"{plain(budget.cap - left)} of {plain(budget.cap)} {what} are used; {plain(wanted)} more would be needed"
