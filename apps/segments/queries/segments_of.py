"""The segments of a card, as people see them."""

from dataclasses import dataclass

from apps.kernel.db.hot import Cursor

_SEGMENTS = """SELECT s.code, s.name, s.description FROM segments_member m
 JOIN segments_segment s ON s.brand_id = m.brand_id AND s.id = m.segment_id AND s.is_active
 WHERE m.brand_id = %(brand)s AND m.wallet_id = %(wallet)s ORDER BY s.code"""


@dataclass(frozen=True, slots=True)
class SegmentSeen:
    """A segment."""

    code: str
    name: str
    description: str


def segments_of(cursor: Cursor, *, brand_id: int, wallet_id: int) -> list[SegmentSeen]:
    """The segments that a card or a child card is in, by their codes; without those that are not active."""
    rows = cursor.execute(_SEGMENTS, {"brand": brand_id, "wallet": wallet_id})
    return [SegmentSeen(*row) for row in rows]
