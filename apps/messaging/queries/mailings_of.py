"""The e-mails that cards got."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.db.hot import Cursor
from apps.messaging.core.kinds import Channel, Purpose, State

MOST_MAILINGS = 100
"""So many of one card are shown at most, the newest."""

_MAILINGS = f"""SELECT w.id, m.list_id, m.operation_id, m.sent_at FROM unnest(%(wallets)s::bigint[]) w (id)
 CROSS JOIN LATERAL (SELECT coalesce(o.list_uuid, o.result_uuid) AS list_id, o.operation_id, o.sent_at, o.id
  FROM messaging_outbox o WHERE o.brand_id = %(brand)s AND o.wallet_id = w.id AND o.channel = '{Channel.EMAIL.value}'
   AND o.state = {int(State.SENT)} AND o.purpose = {int(Purpose.NOTIFICATION)} ORDER BY o.id DESC LIMIT %(most)s) m
 ORDER BY w.id, m.id DESC"""


@dataclass(frozen=True, slots=True)
class MailingSeen:
    """An e-mail that has left: `list_id` is the subscription list that it went to, or the campaign's result that sends
    it; `run_id` the call that caused it."""

    list_id: UUID
    run_id: UUID
    sent_at: datetime


def mailings_of(cursor: Cursor, *, brand_id: int, wallet_ids: Collection[int]) -> dict[int, list[MailingSeen]]:
    """By wallet, the newest first; without messages that ask for a confirmation. One statement."""
    params = {"brand": brand_id, "wallets": list(wallet_ids), "most": MOST_MAILINGS}
    found: dict[int, list[MailingSeen]] = {}
    for wallet_id, *mailing in cursor.execute(_MAILINGS, params):
        found.setdefault(wallet_id, []).append(MailingSeen(*mailing))
    return found
