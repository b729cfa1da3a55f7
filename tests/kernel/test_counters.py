"""Counters over a window: atomic in Redis, by itself in each process while Redis is away."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from django.test import override_settings
from structlog.testing import capture_logs

from apps.kernel.db import counters

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def key() -> str:
    return f"test:{uuid4()}"


@pytest.fixture
def away() -> Iterator[None]:
    """Redis does not answer."""
    with override_settings(REDIS_URL=NOWHERE):
        _forget()
        yield
    _forget()


def _forget() -> None:
    counters._client.cache_clear()
    counters._script.cache_clear()
    counters._away.until = 0.0


def live() -> "redis.Redis[str]":
    return redis.Redis.from_url(settings.REDIS_URL, decode_responses=True)


def rules(key: str) -> None:
    """What holds wherever is counted."""
    limits = {key: 2, f"{key}:wide": 10}
    assert [counters.take(limits, window=60) for _ in range(2)] == [0, 0]
    assert 59 < counters.take(limits, window=60) <= 60
    assert counters.take({f"{key}:wide": 3}, window=60) == 0
    assert counters.take({f"{key}:wide": 3}, window=60) > 0
    counters.give_back(limits)
    assert counters.take(limits, window=60) == 0


def test_a_counter_counts_up_to_its_limit_and_tells_how_long_to_wait(key: str) -> None:
    rules(key)
    assert live().get(key) == "2"


def test_a_full_counter_counts_in_none_of_them(key: str) -> None:
    counters.take({key: 1}, window=60)
    counters.take({f"{key}:other": 9, key: 1}, window=60)
    assert live().get(f"{key}:other") is None


def test_a_full_counter_can_be_renewed_and_others_are_not(key: str) -> None:
    counters.take({key: 1, f"{key}:open": 5}, window=10)
    counters.renew_full({key: 1, f"{key}:open": 5}, window=100)
    assert live().ttl(key) > 90
    assert live().ttl(f"{key}:open") <= 10


def test_giving_back_what_is_gone_counts_nothing_below_zero(key: str) -> None:
    counters.give_back({key: 5})
    assert live().get(key) is None


def test_many_at_once_never_pass_the_limit(key: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: counters.take({key: 5}, window=60), range(40)))
    assert waits.count(0) == 5


@pytest.mark.usefixtures("away")
def test_while_redis_is_away_the_process_counts_by_itself_and_says_so(key: str) -> None:
    with capture_logs() as logs:
        rules(key)
    assert [each["event"] for each in logs] == ["Redis is away: this process counts by itself"]
    assert logs[0]["log_level"] == "warning"
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: counters.take({f"{key}:many": 5}, window=60), range(40)))
    assert waits.count(0) == 5


@pytest.mark.usefixtures("away")
def test_a_local_counter_starts_again_after_its_window_and_can_be_renewed(key: str) -> None:
    assert counters.take({key: 1}, window=0) == 0
    assert counters.take({key: 1}, window=60) == 0
    counters.renew_full({key: 1}, window=600)
    assert counters.take({key: 1}, window=60) > 500


def test_redis_is_asked_again_once_the_pause_is_over(key: str) -> None:
    with override_settings(REDIS_URL=NOWHERE):
        _forget()
        counters.take({key: 1}, window=60)
    counters._client.cache_clear()
    counters._script.cache_clear()
    counters.take({key: 5}, window=60)
    assert live().get(key) is None
    counters._away.until = 0.0
    counters.take({key: 5}, window=60)
    assert live().get(key) == "1"
