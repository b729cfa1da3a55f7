"""Words for people: why a result was not carried out, what held a rule back. Pure."""

from decimal import Decimal

from apps.campaigns.core.definitions import Budget, Measure, Per, Throttle
from apps.campaigns.core.facts import Facts
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


def measured(budget: Budget, facts: Facts) -> str:
    """What a budget counts, in a word: discounts with their currency where the call is in another one."""
    match budget.measure:
        case Measure.DISCOUNT:
            into = facts.budget_currency
            return f"{into.code} of discount" if into is not None else "discount"
        case Measure.USES:
            return "uses"
        case Measure.VALUE:
            return budget.value_type


def over_budget(budget: Budget, facts: Facts, left: Decimal, wanted: Decimal) -> str:
    """Which budget held a rule back, how full it was, and what the rule would have needed."""
    used = f"{plain(budget.cap - left)} of {plain(budget.cap)} {measured(budget, facts)} are used"
    return f"{used}; {plain(wanted)} more would be needed"


def no_rate(facts: Facts) -> str:
    """A budget that counts discounts in another currency than the call's, without a rate, held a rule back."""
    into = facts.budget_currency
    assert into is not None, "in the same currency no rate is asked for"
    return f"The budget counts discounts in {into.code}, and there is no exchange rate from {facts.currency}."
