"""The words of campaigns: triggers, channels, occasions, verdicts, calendar windows. Pure."""

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import msgspec
from dateutil.relativedelta import relativedelta


class Trigger(StrEnum):
    """What makes a rule run. An effect of a campaign triggers nothing: there are no chains."""

    CHECKOUT = "checkout"
    RETURN = "return"
    BALANCE_UPDATE = "balance_update"
    ENROLMENT = "enrolment"
    ACCOUNT_UPDATE = "account_update"
    EVENT = "event"
    CUSTOM = "custom"
    DATE = "date"
    MESSAGE = "message"
    REFERRAL_PERIOD = "referral_period"
    SINGLE_RULE = "single_rule"


class Channel(StrEnum):
    """How a notification leaves. Direct ones stand in the answer; the others go through the outbox."""

    DIRECT = "direct"
    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"
    SOCIAL = "social"


class Verdict(StrEnum):
    """What became of a rule."""

    FIRED = "fired"
    CONDITIONS = "conditions"
    """A condition (of the rule, or of its campaign) was not met."""
    THROTTLED = "throttled"
    """The rule has fired as often as it may; anonymous calls never pass a throttle."""
    OUT_OF_BUDGET = "out_of_budget"
    """A budget of the campaign would not cover what the rule gives."""
    LOST = "lost"
    """Another rule of its exclusive group was chosen."""
    STOPPED = "stopped"
    """An earlier rule stops those that follow."""


class Unit(StrEnum):
    """Units of calendar windows; weeks start on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    EVER = "ever"


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`count` whole calendar units in the brand's zone, the present one and the `count - 1` before it."""

    unit: Unit = Unit.EVER
    count: int = 1

    def first_day(self, today: date) -> date | None:
        """The first day of the window that ends today; None: no limit."""
        return _first_day(self.unit, self.count - 1, today)

    @property
    def key(self) -> str:
        """`month-11`, `ever`: how facts name the window."""
        return self.unit.value if self.unit is Unit.EVER else f"{self.unit.value}-{self.count}"


@lru_cache(maxsize=1_000)
def _first_day(unit: Unit, before: int, today: date) -> date | None:
    if unit is Unit.DAY:
        return today - timedelta(days=before)
    if unit is Unit.WEEK:
        return today - timedelta(days=today.weekday(), weeks=before)
    if unit is Unit.MONTH:
        return today.replace(day=1) - relativedelta(months=before)
    return None


EVER = Window()
