"""Messages that did not leave, and why."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.db.hot import hot_cursor
from apps.messaging.core.kinds import State

_SELECT = """SELECT o.id, o.operation_id, o.channel, o.state, o.reason, o.detail, o.attempts, o.due_at
 FROM messaging_outbox o WHERE o.brand_id = %(brand)s AND o.created_at >= %(since)s AND o.state <> {sent}
 ORDER BY o.created_at DESC, o.id LIMIT %(limit)s"""
_COUNTS = """SELECT o.channel, o.state, o.reason, count(*) FROM messaging_outbox o
 WHERE o.brand_id = %(brand)s AND o.created_at >= %(since)s GROUP BY o.channel, o.state, o.reason
 ORDER BY o.channel, o.state, o.reason"""
_SINCE = _SELECT.format(sent=int(State.SENT))


@dataclass(frozen=True, slots=True)
class UnsentMessage:
    """A message that waits, was not to go out, or could not."""

    id: UUID
    operation_id: UUID
    channel: str
    state: int
    reason: str
    detail: str
    attempts: int
    due_at: datetime


def unsent_messages(*, brand_id: int, since: datetime, limit: int) -> list[UnsentMessage]:
    """Those made since a moment, newest first."""
    rows = hot_cursor().execute(_SINCE, {"brand": brand_id, "since": since, "limit": limit})
    return [UnsentMessage(*row) for row in rows]


def message_counts(*, brand_id: int, since: datetime) -> list[tuple[str, State, str, int]]:
    """How many messages of which channel came to which end: channel, state, reason, number."""
    rows = hot_cursor().execute(_COUNTS, {"brand": brand_id, "since": since})
    return [(channel, State(state), reason, count) for channel, state, reason, count in rows]
