"""When issued value starts and ends, in the brand's zone. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from apps.campaigns.core.facts import Facts
from apps.campaigns.core.results import Moment


def end_of(moment: Moment, facts: Facts) -> datetime:
    """The end of its day, which is the midnight that follows, in UTC."""
    return _midnight(_day(moment, facts) + timedelta(days=1), facts)


def beginning_of(moment: Moment, facts: Facts) -> datetime:
    """The beginning of its day, in UTC."""
    return _midnight(_day(moment, facts), facts)


def _day(moment: Moment, facts: Facts) -> date:
    if moment.on is not None:
        return date.fromisoformat(moment.on)
    return facts.today + relativedelta(months=moment.months, days=moment.days)


def _midnight(day: date, facts: Facts) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(facts.zone)).astimezone(UTC)
