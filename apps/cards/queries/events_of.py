"""The events of cards as a search shows them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.kernel.db.hot import Cursor

MOST_EVENTS = 1000
"""So many events of one card are shown at most, the newest."""

_EVENTS = """SELECT w.id, e.root_type, e.category_id, e.specific_id, e.payload,
  ARRAY(SELECT ARRAY[p.key, p.value] FROM jsonb_each_text(e.properties) p), e.happened_at
 FROM unnest(%(wallets)s::bigint[]) w (id) CROSS JOIN LATERAL
  (SELECT v.* FROM cards_event v WHERE v.brand_id = %(brand)s AND v.wallet_id = w.id AND v.removed_by IS NULL
   ORDER BY v.happened_at DESC, v.id DESC LIMIT %(most)s) e
 ORDER BY w.id, e.happened_at DESC, e.id DESC"""

_BOUNCED = """SELECT w.id FROM unnest(%(wallets)s::bigint[]) w (id) CROSS JOIN LATERAL
  (SELECT v.root_type FROM cards_event v WHERE v.brand_id = %(brand)s AND v.wallet_id = w.id AND v.removed_by IS NULL
   AND v.root_type IN ('BOUNCED', 'UNBOUNCED') ORDER BY v.happened_at DESC, v.id DESC LIMIT 1) e
 WHERE e.root_type = 'BOUNCED'"""


@dataclass(frozen=True, slots=True)
class EventSeen:
    """An event; `properties` are the client's own keys and values."""

    root_type: str
    category_id: str
    specific_id: str | None
    payload: str | None
    properties: Sequence[tuple[str, str]]
    happened_at: datetime


def events_of(cursor: Cursor, *, brand_id: int, wallet_ids: Collection[int]) -> dict[int, list[EventSeen]]:
    """The events that nobody took back, by wallet, newest first; at most MOST_EVENTS each. One statement."""
    found: dict[int, list[EventSeen]] = {}
    if wallet_ids:
        params = {"brand": brand_id, "wallets": list(wallet_ids), "most": MOST_EVENTS}
        for wallet_id, *event in cursor.execute(_EVENTS, params, binary=True):
            found.setdefault(wallet_id, []).append(EventSeen(*event))
    return found


def bounced_wallets(cursor: Cursor, *, brand_id: int, wallet_ids: Collection[int]) -> frozenset[int]:
    """Those of the wallets whose last word about e-mail is that it bounced. One statement."""
    if not wallet_ids:
        return frozenset()
    rows = cursor.execute(_BOUNCED, {"brand": brand_id, "wallets": list(wallet_ids)})
    return frozenset(wallet_id for (wallet_id,) in rows)
