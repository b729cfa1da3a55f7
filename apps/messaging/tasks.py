"""Tasks that send messages."""

import time
from collections import Counter, deque
from datetime import UTC, datetime
from uuid import UUID

import structlog
from celery import shared_task

from apps.brands.models import Brand
from apps.messaging.operations.send_message import send_message as send
from apps.messaging.operations.settle_message import Later
from apps.messaging.queries.due_messages import due_messages

BATCH = 50
"""Messages of one brand before it is the next brand's turn."""
RUN_SECONDS = 30.0
"""After this a run begins no further message. With one that takes its full time it ends before
CELERY_BROKER_TRANSPORT_OPTIONS would have it run again."""

log = structlog.get_logger(__name__)


@shared_task(name="apps.messaging.tasks.send_message")
def send_message(brand_id: int, message_id: str) -> None:
    """Send one message. Harmless to repeat: a message that was sent or is being sent is left alone."""
    send(brand_id=brand_id, message_id=UUID(message_id), now=datetime.now(UTC))


@shared_task(name="apps.messaging.tasks.send_due_messages")
def send_due_messages(seconds: float = RUN_SECONDS) -> None:
    """Send what was not poked for, what is to be tried again, and what dead workers left. Any number may run at once.

    A channel of a brand whose provider does not answer is left alone for the rest of the run: it must not keep others
    waiting.
    """
    ends = time.monotonic() + seconds
    tally: Counter[str] = Counter()
    broken: dict[int, set[str]] = {}
    waiting = deque(Brand.objects.order_by("id").values_list("id", flat=True))
    while waiting and time.monotonic() < ends:
        brand_id = waiting.popleft()
        if _send_some(brand_id, broken.setdefault(brand_id, set()), ends, tally):
            waiting.append(brand_id)
    if tally:
        log.info("messages", **tally)


def _send_some(brand_id: int, broken: set[str], ends: float, tally: Counter[str]) -> bool:
    """Whether the brand may have more."""
    due = due_messages(brand_id=brand_id, now=datetime.now(UTC), limit=BATCH, without=broken)
    for message_id, channel in due:
        if time.monotonic() >= ends:
            return False
        if channel in broken:
            continue
        outcome = send(brand_id=brand_id, message_id=message_id, now=datetime.now(UTC))
        tally[type(outcome).__name__.lower() if outcome else "elsewhere"] += 1
        if isinstance(outcome, Later):
            broken.add(channel)
    return len(due) == BATCH
