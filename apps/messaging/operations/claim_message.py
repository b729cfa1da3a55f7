"""Take one message of the outbox for sending."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.kernel.db.hot import hot_cursor
from apps.messaging.core.attempts import LEASE
from apps.messaging.core.kinds import Channel, Purpose, State

_CLAIM = f"""UPDATE messaging_outbox m SET attempts = m.attempts + 1, claimed_until = %(until)s
 WHERE m.brand_id = %(brand)s AND m.id = ANY(ARRAY(SELECT o.id FROM messaging_outbox o
  WHERE o.brand_id = %(brand)s AND o.id = %(id)s AND o.state = {int(State.QUEUED)} AND o.due_at <= %(now)s
   AND (o.claimed_until IS NULL OR o.claimed_until <= %(now)s) FOR UPDATE SKIP LOCKED))
 RETURNING {{columns}}"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that nobody else sends for the time of a lease. `attempts` counts this one; it is also the claim's
    name: who lost the lease has a lower number than the row."""

    brand_id: int
    id: UUID
    operation_id: UUID
    wallet_id: int | None
    subscription_id: int | None
    purpose: int
    channel: str
    third_party: str
    list_uuid: UUID | None
    subject: str
    body: str
    url: str
    variables: dict[str, Any]
    attempts: int

    @property
    def way(self) -> Channel:
        """The channel."""
        return Channel(self.channel)

    @property
    def aim(self) -> Purpose:
        """The purpose."""
        return Purpose(self.purpose)


_COLUMNS = ", ".join(f"m.{field.name}" for field in fields(Claimed))


def claim_message(*, brand_id: int, message_id: UUID, now: datetime) -> Claimed | None:
    """Claim a message that is due; None if it is not, is claimed, or there is none. Committed when this returns.

    A worker that dies afterwards leaves the message claimed until the lease ends; then it is sent again, maybe for the
    second time. A message may so arrive twice, but never not at all. Receivers know the copy by its id.
    """
    params = {"brand": brand_id, "id": message_id, "now": now, "until": now + LEASE}
    text = _CLAIM.format(columns=_COLUMNS)
    row = hot_cursor().execute(text, params, binary=True).fetchone()  # Django leaves jsonb that comes as text unread
    return Claimed(*row) if row else None
