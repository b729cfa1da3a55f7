"""The brand's day in the books."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def book_days(zone: ZoneInfo, closed_through: date) -> Callable[[datetime], date]:
    """A function that gives the brand's local date of a moment, or the first open day when that period is closed."""
    first_open = closed_through + timedelta(days=1)

    def book_day(moment: datetime) -> date:
        return max(moment.astimezone(zone).date(), first_open)

    return book_day
