"""Days as pages filter by them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def start_of_day(day: date, *, timezone: str) -> datetime:
    """Midnight at which the day begins in the zone."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(timezone))


def day_after(day: date) -> date:
    """The next day; the last one that there is has none."""
    return day + timedelta(days=1) if day < date.max else day
