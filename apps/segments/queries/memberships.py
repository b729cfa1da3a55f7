"""In how many segments a family is."""

from apps.kernel.db.hot import Cursor

_COUNT = """SELECT count(*) FROM segments_member m
 JOIN ledger_wallet w ON w.brand_id = m.brand_id AND w.id = m.wallet_id
 WHERE m.brand_id = %(brand)s AND (w.id = %(family)s OR w.root_id = %(family)s)"""


def memberships(cursor: Cursor, *, brand_id: int, family_id: int) -> int:
    """How many memberships a card and its child cards have together."""
    row = cursor.execute(_COUNT, {"brand": brand_id, "family": family_id}).fetchone()
    assert row is not None
    return int(row[0])
