"""Families of cards, in the order of their locks."""

from apps.kernel.db.hot import Cursor

FIRST = -(2**63)
"""Below all ids."""

_NEXT = """SELECT id FROM ledger_wallet WHERE brand_id = %(brand)s AND root_id IS NULL AND id > %(above)s
 ORDER BY id LIMIT %(count)s"""
_OF_CARD = """SELECT family_id FROM cards_card
 WHERE brand_id = %(brand)s AND number = %(number)s AND family_id IS NOT NULL"""


def next_families(cursor: Cursor, *, brand_id: int, above: int, count: int) -> list[int]:
    """The first `count` families whose id is greater than `above`."""
    params = {"brand": brand_id, "above": above, "count": count}
    return [row[0] for row in cursor.execute(_NEXT, params)]


def family_of_card(cursor: Cursor, *, brand_id: int, number: str) -> int | None:
    """The family of a card that was ever activated; None for others."""
    row = cursor.execute(_OF_CARD, {"brand": brand_id, "number": number}).fetchone()
    return row[0] if row else None
