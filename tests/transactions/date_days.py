"""Days of date triggers, for tests: a brand's run on any day, to its end."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from apps.campaigns.models import DateRun
from apps.facts.models import Firing
from apps.transactions.operations.advance_date_run import Advanced, State, advance_date_run
from tests.campaigns.live import condition, rule
from tests.shop import Shop

TODAY = datetime.now(UTC).date()
DAILY = {"what": "daily"}
BIRTHDAY = {"what": "birthday"}


def on_day(occasion: dict[str, Any], *results: dict[str, Any], when: Any = (), **more: Any) -> dict[str, Any]:
    """A date rule that fires on its occasion only."""
    today = condition("occasion_today", occasion=occasion)
    return rule(*results, when=[today, *when], trigger="date", occasion=occasion, **more)


def days(number: int) -> timedelta:
    return timedelta(days=number)


def run(shop: Shop, day: date = TODAY, *, at: time = time(12), made_up: date | None = None) -> Advanced:
    """Run a day at this time (UTC) until nothing is left, or only locked cards; the sums."""
    moment = datetime.combine(day, at, UTC)
    cards = fired = failed = 0
    while True:
        done = advance_date_run(brand_code=shop.brand.code, clock=lambda: moment, day=made_up)
        cards, fired, failed = cards + done.cards, fired + done.fired, failed + done.failed
        if done.state is not State.GOES_ON:
            return Advanced(done.state, cards, fired, failed)


def row_of(shop: Shop, day: date = TODAY) -> DateRun:
    return DateRun.objects.get(brand=shop.brand, on_date=day)


def firings(shop: Shop) -> int:
    """How many firings of rules the brand has."""
    return Firing.objects.filter(brand=shop.brand).count()
