"""Days of the calendar."""

from datetime import date

import pytest

from apps.campaigns.core.conditions import Happening, Occasion
from apps.campaigns.core.occasions import is_today
from tests.campaigns.cases import card

LEAP = card(customer={"birthday": "2000-02-29"}, enrolled_on=date(2024, 2, 29), activated_on=date(2025, 3, 1))
H = Happening


@pytest.mark.parametrize(
    ("what", "today", "expected"),
    [
        (H.BIRTHDAY, date(2028, 2, 29), True),
        (H.BIRTHDAY, date(2028, 2, 28), False),
        (H.BIRTHDAY, date(2027, 2, 28), True),
        (H.BIRTHDAY, date(2027, 3, 1), False),
        (H.BIRTHDAY, date(1999, 2, 28), False),
        (H.BIRTHDAY_MONTH, date(2027, 2, 1), True),
        (H.BIRTHDAY_MONTH, date(2027, 2, 17), True),
        (H.BIRTHDAY_MONTH, date(2027, 3, 1), False),
        (H.ENROLMENT, date(2024, 2, 29), False),
        (H.ENROLMENT, date(2025, 2, 28), True),
        (H.ACTIVATION, date(2025, 3, 1), False),
        (H.ACTIVATION, date(2026, 3, 1), True),
        (H.DAILY, date(2026, 3, 1), True),
    ],
)
def test_days_of_a_card(what, today, expected) -> None:
    assert is_today(Occasion(what=what), today, LEAP) is expected


@pytest.mark.parametrize("what", [H.BIRTHDAY, H.BIRTHDAY_MONTH, H.ENROLMENT, H.ACTIVATION])
def test_what_is_not_known_never_happens(what) -> None:
    assert not is_today(Occasion(what=what), date(2026, 2, 28), card())
    assert not is_today(Occasion(what=what), date(2026, 2, 28), None)


@pytest.mark.parametrize(
    ("occasion", "today", "expected"),
    [
        (Occasion(what=H.FIXED_DATE, on=date(2026, 7, 4)), date(2026, 7, 4), True),
        (Occasion(what=H.FIXED_DATE, on=date(2026, 7, 4)), date(2027, 7, 4), False),
        (Occasion(what=H.FIXED_DATE, on=date(2026, 7, 4), yearly=True), date(2027, 7, 4), True),
        (Occasion(what=H.FIXED_DATE, on=date(2024, 2, 29), yearly=True), date(2026, 2, 28), True),
        (Occasion(what=H.WEEKLY, day=5), date(2026, 11, 20), True),
        (Occasion(what=H.WEEKLY, day=6), date(2026, 11, 20), False),
        (Occasion(what=H.MONTHLY, day=20), date(2026, 11, 20), True),
        (Occasion(what=H.MONTHLY, day=31), date(2026, 11, 30), True),
        (Occasion(what=H.MONTHLY, day=31), date(2026, 12, 30), False),
        (Occasion(what=H.MONTHLY, day=30), date(2026, 2, 28), True),
        (Occasion(what=H.BIRTHDAY, shift=-7), date(2027, 2, 21), True),
        (Occasion(what=H.BIRTHDAY, shift=-7), date(2027, 2, 28), False),
        (Occasion(what=H.FIXED_DATE, on=date(2026, 12, 31), yearly=True, shift=2), date(2027, 1, 2), True),
    ],
)
def test_days_of_the_calendar_and_shifts(occasion, today, expected) -> None:
    assert is_today(occasion, today, LEAP) is expected
