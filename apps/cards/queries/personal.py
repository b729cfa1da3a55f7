"""What a card says about people beyond its customers: contents of events, and cards that it was transferred to or
from, where the same person may be found."""

from apps.kernel.db.hot import Cursor

_FAMILY = """SELECT w.id FROM ledger_wallet w
 WHERE w.brand_id = %(brand)s AND (w.id = %(family)s OR w.root_id = %(family)s)"""
_TELLING = f"""SELECT count(*) FROM cards_event e WHERE e.brand_id = %(brand)s AND e.wallet_id IN ({_FAMILY})
 AND (e.payload IS NOT NULL OR e.properties IS NOT NULL)"""
_RELATED = """SELECT c.number FROM cards_transfer t JOIN cards_card c ON c.brand_id = t.brand_id
  AND c.wallet_id IN (t.source_wallet_id, t.target_wallet_id) AND c.wallet_id <> %(family)s
 WHERE t.brand_id = %(brand)s AND (t.source_wallet_id = %(family)s OR t.target_wallet_id = %(family)s)
 ORDER BY c.id"""


def telling_events(cursor: Cursor, *, brand_id: int, family_id: int) -> int:
    """How many events of the family have contents."""
    row = cursor.execute(_TELLING, {"brand": brand_id, "family": family_id}).fetchone()
    assert row is not None
    count: int = row[0]
    return count


def related_cards(cursor: Cursor, *, brand_id: int, family_id: int) -> list[str]:
    """The numbers of the cards that were transferred into this one, and of the one it was transferred into."""
    return [row[0] for row in cursor.execute(_RELATED, {"brand": brand_id, "family": family_id})]
