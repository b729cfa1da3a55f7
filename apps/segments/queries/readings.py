"""What campaigns ask of segments: a reading for the one read statement."""

from apps.kernel.readings import Reading

_SEGMENTS = """SELECT jsonb_agg(s.code ORDER BY s.code) FROM segments_member m
 JOIN segments_segment s ON s.brand_id = m.brand_id AND s.id = m.segment_id AND s.is_active
 WHERE m.brand_id = %(brand)s AND m.wallet_id = {whose}"""


def segments() -> Reading:
    """`[code, ...]` of the segments that the card itself (or the child card itself) is in, or nothing."""
    return Reading("segments", _SEGMENTS)
