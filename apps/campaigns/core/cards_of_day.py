"""Whose occasion a day is: the question to all cards at once that `occasions.is_today` asks of one. Pure."""

from calendar import isleap
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.campaigns.core.conditions import Happening, Occasion
from apps.campaigns.core.occasions import in_year, is_today
from apps.cards.core.cards_sought import CardsSought, Span

FIRST_YEAR = 1900
"""Before this nothing happened to cards."""


def cards_of_day(occasions: Iterable[Occasion], today: date, zone: ZoneInfo) -> CardsSought:
    """The cards that have one of these occasions today, by the days of a brand in this zone.

    BIRTHDAY_MONTH is the first day of the month here: its cards are looked at once a year.
    """
    everyone = False
    birthdays: dict[int, date] = {}
    enrolled: dict[date, Span] = {}
    activated: dict[date, Span] = {}
    for occasion in occasions:
        day = today - timedelta(days=occasion.shift)
        match occasion.what:
            case Happening.BIRTHDAY:
                _add(birthdays, _days_of_year(day), until=day)
            case Happening.BIRTHDAY_MONTH:
                if day.day == 1:
                    _add(birthdays, range(day.month * 100 + 1, day.month * 100 + 32), until=date.max)
            case Happening.ENROLMENT:
                enrolled |= {first: _span(first, zone) for first in _anniversaries(day)}
            case Happening.ACTIVATION:
                activated |= {first: _span(first, zone) for first in _anniversaries(day)}
            case _:
                everyone = everyone or is_today(occasion, today, None)
    return CardsSought(
        everyone=everyone,
        birthdays=tuple(sorted(birthdays.items())),
        enrolled=tuple(enrolled[first] for first in sorted(enrolled)),
        activated=tuple(activated[first] for first in sorted(activated)),
    )


def _add(birthdays: dict[int, date], days: Iterable[int], *, until: date) -> None:
    for day in days:
        birthdays[day] = max(until, birthdays.get(day, until))


def _days_of_year(day: date) -> Iterator[int]:
    """The birthdays that are kept on a day, as month * 100 + day."""
    yield day.month * 100 + day.day
    if (day.month, day.day) == (2, 28) and not isleap(day.year):
        yield 229


def _anniversaries(day: date) -> Iterator[date]:
    """The days of earlier years whose anniversary a day is."""
    for year in range(FIRST_YEAR, day.year):
        for number in _days_of_year(day):
            month, in_month = divmod(number, 100)
            if (month, in_month) != (2, 29) or isleap(year):
                first = date(year, month, in_month)
                assert in_year(first, day.year) == day, "an anniversary is on its day"
                yield first


def _span(day: date, zone: ZoneInfo) -> Span:
    begins, ends = (datetime.combine(each, time(), zone).astimezone(UTC) for each in (day, day + timedelta(days=1)))
    return begins, ends
