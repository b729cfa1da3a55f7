"""Days of the brand's calendar on which something happens. Pure.

Month and day count. 29 February is the 28th in years that have no 29th; `monthly` on the 31st is the last day of a
shorter month. An anniversary is never the first day itself.
"""

from calendar import monthrange
from datetime import date, timedelta

from apps.campaigns.core.conditions import Happening, Occasion
from apps.campaigns.core.facts import Card

ABOUT_THE_CARD = frozenset(
    (Happening.BIRTHDAY, Happening.BIRTHDAY_MONTH, Happening.ENROLMENT, Happening.ACTIVATION),
)
"""Occasions of the customer or the card; the others are days of the calendar."""


def is_today(occasion: Occasion, today: date, card: Card | None) -> bool:
    """Whether `today` is the occasion (for BIRTHDAY_MONTH: lies in that month), after its shift."""
    day = today - timedelta(days=occasion.shift)
    match occasion.what:
        case Happening.BIRTHDAY:
            return _returns(birthday(card), day)
        case Happening.BIRTHDAY_MONTH:
            born = birthday(card)
            return born is not None and born.month == day.month
        case Happening.ENROLMENT:
            return _is_anniversary(card.enrolled_on if card else None, day)
        case Happening.ACTIVATION:
            return _is_anniversary(card.activated_on if card else None, day)
        case Happening.FIXED_DATE:
            return _returns(occasion.on, day) if occasion.yearly else occasion.on == day
        case Happening.DAILY:
            return True
        case Happening.WEEKLY:
            return day.isoweekday() == occasion.day
        case Happening.MONTHLY:
            return day.day == min(occasion.day, monthrange(day.year, day.month)[1])


def in_year(first: date, year: int) -> date:
    """The same day in another year."""
    if (first.month, first.day) == (2, 29) and monthrange(year, 2)[1] < 29:
        return date(year, 2, 28)
    return first.replace(year=year)


def birthday(card: Card | None) -> date | None:
    """The customer's birthday, where it is known."""
    known = card.customer.get("birthday") if card else None
    return date.fromisoformat(known) if known else None


def _returns(first: date | None, day: date) -> bool:
    return first is not None and first.year <= day.year and in_year(first, day.year) == day


def _is_anniversary(first: date | None, day: date) -> bool:
    return first is not None and first.year < day.year and in_year(first, day.year) == day
