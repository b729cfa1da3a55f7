"""Which messages are due."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from apps.kernel.db.hot import hot_cursor
from apps.messaging.core.kinds import State

_DUE = f"""SELECT o.id, o.channel FROM messaging_outbox o WHERE o.brand_id = %(brand)s AND o.state = {int(State.QUEUED)}
 AND o.due_at <= %(now)s AND (o.claimed_until IS NULL OR o.claimed_until <= %(now)s)
 AND o.channel <> ALL(%(without)s::text[]) ORDER BY o.due_at LIMIT %(limit)s"""


def due_messages(*, brand_id: int, now: datetime, limit: int, without: Collection[str] = ()) -> list[tuple[UUID, str]]:
    """Ids and channels of messages that nobody is sending, those that wait longest first. `without`: channels that are
    to be left out."""
    params = {"brand": brand_id, "now": now, "limit": limit, "without": list(without)}
    return hot_cursor().execute(_DUE, params).fetchall()
