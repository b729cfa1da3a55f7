"""When a call came: the first 48 bits of its reference, a UUIDv7, are milliseconds since 1970.

The request log has no column for it, so that ranges of time are ranges of its primary key.
"""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.kernel.moments import epoch_milliseconds, from_epoch_milliseconds


def moment_of(reference: UUID) -> datetime:
    """The millisecond in which the reference was drawn (UTC)."""
    return from_epoch_milliseconds(reference.int >> 80)


def first_reference(moment: datetime) -> UUID:
    """The smallest reference that can be drawn at `moment` or later."""
    return UUID(int=epoch_milliseconds(moment) << 80)


def start_of_day(day: date, *, timezone: str) -> datetime:
    """Midnight at which the day begins in the zone."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(timezone))


def day_after(day: date) -> date:
    """The next day."""
    return day + timedelta(days=1)
