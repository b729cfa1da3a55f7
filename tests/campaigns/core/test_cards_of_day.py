"""Which cards a day is about, against the question that is asked of one card."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.campaigns.core.cards_of_day import cards_of_day
from apps.campaigns.core.conditions import Happening, Occasion
from apps.campaigns.core.facts import Card
from apps.campaigns.core.occasions import is_today
from apps.cards.core.cards_sought import CardsSought

NEW_YORK = ZoneInfo("America/New_York")
EVE, LEAP_DAY = date(2027, 2, 28), date(2028, 2, 29)
TODAYS = (date(2026, 11, 20), EVE, date(2028, 2, 28), LEAP_DAY, date(2027, 3, 1), date(2027, 1, 1), date(2026, 12, 31))
FIRSTS = [date(2000, 1, 1) + timedelta(days=number) for number in range(800)]


def born(sought: CardsSought, day: date) -> bool:
    return any(number == day.month * 100 + day.day and day <= until for number, until in sought.birthdays)


def within(spans: tuple[tuple[datetime, datetime], ...], day: date, zone: ZoneInfo = NEW_YORK) -> bool:
    """Whether the evening of a day in the zone lies in one of the spans."""
    evening = datetime(day.year, day.month, day.day, 23, 30, tzinfo=zone)
    return any(since <= evening < until for since, until in spans)


@pytest.mark.parametrize("today", TODAYS)
@pytest.mark.parametrize("shift", [0, -7, 1])
def test_birthdays_and_anniversaries_are_those_that_one_card_would_have(today: date, shift: int) -> None:
    of = {each: Occasion(what=each, shift=shift) for each in Happening}
    birthday = cards_of_day([of[Happening.BIRTHDAY]], today, NEW_YORK)
    enrolment = cards_of_day([of[Happening.ENROLMENT]], today, NEW_YORK)
    activation = cards_of_day([of[Happening.ACTIVATION]], today, NEW_YORK)
    facts = {"number": "x", "program": "p", "card_set": "s"}
    for first in FIRSTS:
        card = Card(**facts, customer={"birthday": first.isoformat()}, enrolled_on=first, activated_on=first)
        assert born(birthday, first) is is_today(of[Happening.BIRTHDAY], today, card), first
        assert within(enrolment.enrolled, first) is is_today(of[Happening.ENROLMENT], today, card), first
        assert within(activation.activated, first) is is_today(of[Happening.ACTIVATION], today, card), first


def test_a_birthday_month_is_looked_at_on_its_first_day() -> None:
    month = Occasion(what=Happening.BIRTHDAY_MONTH)
    sought = cards_of_day([month], date(2026, 11, 1), NEW_YORK)
    assert [born(sought, date(1990, 11, day)) for day in (1, 30)] == [True, True]
    assert not born(sought, date(1990, 12, 1))
    assert not cards_of_day([month], date(2026, 11, 2), NEW_YORK)
    early = Occasion(what=Happening.BIRTHDAY_MONTH, shift=-7)
    assert born(cards_of_day([early], date(2026, 10, 25), NEW_YORK), date(1990, 11, 30))


@pytest.mark.parametrize(
    ("occasion", "everyone"),
    [
        (Occasion(what=Happening.DAILY), True),
        (Occasion(what=Happening.WEEKLY, day=5), True),
        (Occasion(what=Happening.WEEKLY, day=6), False),
        (Occasion(what=Happening.MONTHLY, day=20), True),
        (Occasion(what=Happening.FIXED_DATE, on=date(2020, 11, 20), yearly=True), True),
        (Occasion(what=Happening.FIXED_DATE, on=date(2020, 11, 20)), False),
    ],
)
def test_days_of_the_calendar_are_for_everyone(occasion: Occasion, everyone: bool) -> None:
    sought = cards_of_day([occasion], date(2026, 11, 20), NEW_YORK)
    assert (sought.everyone, bool(sought)) == (everyone, everyone)


def test_a_day_begins_at_the_brands_midnight() -> None:
    (*_, (since, until)) = cards_of_day([Occasion(what=Happening.ENROLMENT)], date(2026, 7, 4), NEW_YORK).enrolled
    assert (since, until) == (datetime(2025, 7, 4, 4, tzinfo=UTC), datetime(2025, 7, 5, 4, tzinfo=UTC))


def test_occasions_add_up() -> None:
    occasions = [Occasion(what=Happening.BIRTHDAY), Occasion(what=Happening.BIRTHDAY, shift=1)]
    sought = cards_of_day(occasions, date(2026, 11, 20), NEW_YORK)
    assert [number for number, _ in sought.birthdays] == [1119, 1120]
