"""Moments: always aware and UTC inside; text or epoch milliseconds on the wire. Only entry points read the clock."""

import re
from datetime import UTC, date, datetime, timedelta

WIRE_MOMENT = "%Y-%m-%d %H:%M:%S"
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def parse_moment(text: str) -> datetime:
    """Read `yyyy-MM-dd HH:mm:ss` as UTC; ValueError for anything else, also for dates that do not exist."""
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    return datetime.strptime(text, WIRE_MOMENT).replace(tzinfo=UTC)


def typed_moment(text: str) -> datetime:
    """Read what people type, in any form of ISO 8601; UTC unless it names an offset. ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def parse_date(text: str) -> date:
    """Read `yyyy-MM-dd`; ValueError for anything else."""
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def format_moment(moment: datetime) -> str:
    """Write a moment as `yyyy-MM-dd HH:mm:ss` in UTC (fractions of a second are cut)."""
    return moment.astimezone(UTC).strftime(WIRE_MOMENT)


def epoch_milliseconds(moment: datetime) -> int:
    """Write a moment as whole milliseconds since 1970-01-01 UTC."""
    return (moment - _EPOCH) // _MILLISECOND


def from_epoch_milliseconds(milliseconds: int) -> datetime:
    """The moment that lies so many milliseconds after 1970-01-01 UTC."""
    return _EPOCH + milliseconds * _MILLISECOND
