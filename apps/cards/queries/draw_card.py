"""What to do when no free card lies at or after the random number: wrap around, then wait for the ones being taken."""

from apps.kernel.db.hot import Cursor

SHUFFLES = 2**62
"""Random numbers of cards lie below this."""

_WRAP = """SELECT c.id FROM cards_card c WHERE c.brand_id = %(brand)s AND c.card_set_id = %(card_set)s AND c.status = 1
 AND c.shuffle < %(from)s ORDER BY c.shuffle LIMIT 1 FOR NO KEY UPDATE OF c SKIP LOCKED"""
_WAIT = """SELECT c.id FROM cards_card c WHERE c.brand_id = %(brand)s AND c.card_set_id = %(card_set)s AND c.status = 1
 ORDER BY c.shuffle LIMIT 1 FOR NO KEY UPDATE OF c"""


def draw_again(cursor: Cursor, *, brand_id: int, card_set_id: int, drawn: int) -> int | None:
    """Lock a free card of the set; None if there is none. Those that others lock are waited for: they may roll back."""
    params = {"brand": brand_id, "card_set": card_set_id, "from": drawn}
    for text in (_WRAP, _WAIT):
        row = cursor.execute(text, params).fetchone()
        if row is not None:
            card_id: int = row[0]
            return card_id
    return None
