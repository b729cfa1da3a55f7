"""Django's cache in Redis. While Redis is away, each process remembers by itself and says so."""

import time
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import RedisError

log = structlog.get_logger(__name__)
PAUSE = 5.0
"""Seconds for which a process does not ask a Redis that did not answer."""
MOST = 10_000
"""Entries that a process remembers; the oldest limits must not be washed out by guessing other names."""


class _Away:
    """Shared by the caches of all threads, so that one of them waits and says so."""

    until = 0.0


_away = _Away()


def _redis_or_memory(name: str) -> Any:
    in_redis, in_memory = getattr(RedisCache, name), getattr(LocMemCache, name)

    def run(self: "RedisOrMemory", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _away.until:
            try:
                return in_redis(self, *args, **kwargs)
            except RedisError as problem:
                _away.until = time.monotonic() + PAUSE
                log.warning("Redis is away: this process remembers by itself", reason=type(problem).__name__)
        return in_memory(self.memory, *args, **kwargs)

    return run


class RedisOrMemory(RedisCache):
    """Login limits and used codes. With Redis away a limit holds in each process alone; nobody is locked out."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.memory = LocMemCache("redis-is-away", {**params, "OPTIONS": {"MAX_ENTRIES": MOST}})

    add = _redis_or_memory("add")
    get = _redis_or_memory("get")
    set = _redis_or_memory("set")
    touch = _redis_or_memory("touch")
    delete = _redis_or_memory("delete")
    get_many = _redis_or_memory("get_many")
    has_key = _redis_or_memory("has_key")
    incr = _redis_or_memory("incr")
    set_many = _redis_or_memory("set_many")
    delete_many = _redis_or_memory("delete_many")
    clear = _redis_or_memory("clear")
