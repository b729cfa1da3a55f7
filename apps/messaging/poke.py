"""Tell the workers that messages wait. The outbox is the truth: a poke that gets lost costs a minute, no message."""

import threading
import time
from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

import structlog
from celery import current_app
from kombu.connection import Connection

TASK = "apps.messaging.tasks.send_message"
MOST = 20
"""Messages of one call that are poked for; the tick finds the others."""
PAUSE = 10.0
"""Seconds for which a process does not ask a broker that did not answer."""
_LIMITS = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "retry_on_timeout": False}

log = structlog.get_logger(__name__)
_lock = threading.Lock()


class _Away:
    until = 0.0


def poke(brand_id: int, message_ids: Iterable[UUID]) -> None:
    """Have messages sent at once. For `Plan.after_commit`: never raises, and never waits for a broker that is away."""
    ids = list(message_ids)[:MOST]
    if not ids or time.monotonic() < _Away.until or not _lock.acquire(timeout=0.5):
        return
    try:
        for message_id in ids:
            current_app.send_task(TASK, args=[brand_id, str(message_id)], connection=_broker(), retry=False)
    except Exception as problem:
        _Away.until = time.monotonic() + PAUSE
        log.warning("the broker is away: messages wait for the next tick", reason=type(problem).__name__)
        _broker().close()
        _broker.cache_clear()
    finally:
        _lock.release()


@cache
def _broker() -> Any:
    """A connection of our own: that of the workers may wait for as long as it likes."""
    conf = current_app.conf
    options = {**conf.broker_transport_options, **_LIMITS}
    return Connection(conf.broker_url, transport_options=options)  # type: ignore[no-untyped-call]
