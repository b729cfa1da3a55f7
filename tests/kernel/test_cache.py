"""Django's cache: in Redis, and in the process while Redis is away."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.conf import settings
from structlog.testing import capture_logs

from apps.kernel.db import cache as module
from apps.kernel.db.cache import RedisOrMemory

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def key() -> str:
    return f"test-{uuid4()}"


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    module._away.until = 0.0
    yield
    module._away.until = 0.0


def test_what_is_set_is_seen_by_other_processes(key: str) -> None:
    RedisOrMemory(settings.REDIS_URL, {}).set(key, [1.5])
    assert RedisOrMemory(settings.REDIS_URL, {}).get(key) == [1.5]


def test_while_redis_is_away_the_process_remembers_and_says_so_once(key: str) -> None:
    away = RedisOrMemory(NOWHERE, {})
    with capture_logs() as logs:
        assert away.add(key, 1, timeout=60)
        assert not away.add(key, 2)
        assert (away.get(key), away.incr(key), away.has_key(key)) == (1, 2, True)
        away.set_many({key: 3})
        assert away.get_many([key]) == {key: 3}
        away.delete(key)
        assert away.get(key, "gone") == "gone"
    assert [each["event"] for each in logs] == ["Redis is away: this process remembers by itself"]


def test_redis_is_asked_again_once_the_pause_is_over(key: str) -> None:
    RedisOrMemory(NOWHERE, {}).set(key, "memory")
    back = RedisOrMemory(settings.REDIS_URL, {})
    assert back.get(key) == "memory"
    module._away.until = 0.0
    assert back.get(key) is None
