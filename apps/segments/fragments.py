"""The segments' parts of the one write statement, under the family's lock."""

from collections.abc import Sequence

from apps.kernel.fragments import Fragment

_MOVES = "unnest(%(sources)s::bigint[], %(targets)s::bigint[]) v (source, target)"
_MERGED = f"""INSERT INTO segments_member AS m (brand_id, segment_id, wallet_id, since)
 SELECT %(brand)s, f.segment_id, v.target, min(f.since)
 FROM {_MOVES} JOIN segments_member f ON f.brand_id = %(brand)s AND f.wallet_id = v.source
 GROUP BY f.segment_id, v.target
 ON CONFLICT (brand_id, segment_id, wallet_id) DO UPDATE SET since = least(m.since, excluded.since)"""
_LEFT = "DELETE FROM segments_member WHERE brand_id = %(brand)s AND wallet_id = ANY(%(sources)s)"
_ERASED = """DELETE FROM segments_member WHERE brand_id = %(brand)s AND wallet_id IN
 (SELECT w.id FROM ledger_wallet w WHERE w.brand_id = %(brand)s AND (w.id = %(family)s OR w.root_id = %(family)s))"""


def merge_members(*, brand_id: int, moves: Sequence[tuple[int, int]]) -> list[Fragment]:
    """Wallets are transferred in: each `(source, target)` gives the source's segments to the target, since the earlier
    of both. The call must hold the locks of both families; a target may be new in the same statement."""
    params = {
        "brand": brand_id,
        "sources": [source for source, _ in moves],
        "targets": [target for _, target in moves],
    }
    return [Fragment("merged_members", _MERGED, params), Fragment("left_members", _LEFT, params)]


def erase_members(*, brand_id: int, family_id: int) -> Fragment:
    """Take a card and its child cards out of all segments: that somebody is in one says something about the person."""
    return Fragment("no_members", _ERASED, {"brand": brand_id, "family": family_id})
