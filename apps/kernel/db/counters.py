"""Atomic counters in Redis over a window of time. While Redis is away, each process counts by itself and says so."""

import time
from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any

import redis
import structlog
from django.conf import settings

log = structlog.get_logger(__name__)
PAUSE = 5.0
"""Seconds for which a process does not ask a Redis that did not answer."""

_TAKE = """
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[i + 1]) then
    local left = redis.call('PTTL', key)
    if left < 0 then left = 1 end
    return left
  end
end
for _, key in ipairs(KEYS) do
  if redis.call('INCR', key) == 1 then redis.call('EXPIRE', key, ARGV[1]) end
end
return 0
"""
_RENEW = """
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[i + 1]) then redis.call('EXPIRE', key, ARGV[1]) end
end
return 0
"""


def take(limits: Mapping[str, int], *, window: int) -> float:
    """Count one in every counter, or in none if one of them has reached its limit.

    Returns 0 if counted, else the seconds after which the full counter starts again. `window` is in seconds from the
    first count.
    """
    return float(_run(_TAKE, limits, window, lambda local: local.take(limits, window))) / 1000


def give_back(limits: Mapping[str, int]) -> None:
    """Take back one count of every counter: what was counted turned out to be harmless."""
    script = "for _, key in ipairs(KEYS) do if redis.call('EXISTS', key) == 1 then redis.call('DECR', key) end end"
    _run(script + " return 0", limits, 0, lambda local: local.give_back(limits))


def renew_full(limits: Mapping[str, int], *, window: int) -> None:
    """Let the counters that are full stay so for another whole window."""
    _run(_RENEW, limits, window, lambda local: local.renew_full(limits, window))


def _run(script: str, limits: Mapping[str, int], window: int, instead: Any) -> Any:
    if time.monotonic() >= _away.until:
        try:
            return _script(script)(keys=list(limits), args=[window, *limits.values()])
        except redis.RedisError as problem:
            _away.until = time.monotonic() + PAUSE
            log.warning("Redis is away: this process counts by itself", reason=type(problem).__name__)
    return instead(_local)


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, decode_responses=True, socket_timeout=0.5, socket_connect_timeout=0.5
    )


@cache
def _script(text: str) -> Any:
    return _client().register_script(text)


class _Away:
    until = 0.0


class _Local:
    """The same rules in this process's memory."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: dict[str, tuple[int, float]] = {}

    def take(self, limits: Mapping[str, int], window: int) -> float:
        now = time.monotonic()
        with self._lock:
            self._counts = {key: each for key, each in self._counts.items() if each[1] > now}
            for key, limit in limits.items():
                count, ends = self._counts.get(key, (0, 0.0))
                if count >= limit:
                    return (ends - now) * 1000
            for key in limits:
                count, ends = self._counts.get(key, (0, now + window))
                self._counts[key] = (count + 1, ends)
        return 0

    def give_back(self, limits: Mapping[str, int]) -> None:
        with self._lock:
            for key in limits:
                if key in self._counts:
                    count, ends = self._counts[key]
                    self._counts[key] = (count - 1, ends)

    def renew_full(self, limits: Mapping[str, int], window: int) -> None:
        ends = time.monotonic() + window
        with self._lock:
            for key, limit in limits.items():
                if self._counts.get(key, (0, 0.0))[0] >= limit:
                    self._counts[key] = (self._counts[key][0], ends)


_away, _local = _Away(), _Local()
