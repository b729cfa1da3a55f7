"""When a message is tried again."""

from datetime import UTC, datetime, timedelta

from apps.messaging.core.attempts import LEASE, LONGEST_WAIT, MOST_ATTEMPTS, next_attempt
from apps.messaging.providers.interface import SECONDS

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_waits_grow_and_end() -> None:
    waits = [next_attempt(attempts=count, now=NOW) for count in range(1, MOST_ATTEMPTS)]
    assert [(each - NOW).total_seconds() / 60 for each in waits if each] == [1, 5, 30, 120, 360]
    assert next_attempt(attempts=MOST_ATTEMPTS, now=NOW) is None


def test_a_provider_may_ask_for_more_time_within_reason() -> None:
    assert next_attempt(attempts=1, now=NOW, wanted=timedelta(minutes=20)) == NOW + timedelta(minutes=20)
    assert next_attempt(attempts=2, now=NOW, wanted=timedelta(seconds=1)) == NOW + timedelta(minutes=5)
    assert next_attempt(attempts=1, now=NOW, wanted=timedelta(days=9)) == NOW + LONGEST_WAIT


def test_sending_ends_long_before_the_lease() -> None:
    assert LEASE.total_seconds() > 3 * SECONDS
