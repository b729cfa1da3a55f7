"""Where the value of transferred cards went."""

from collections.abc import Collection
from dataclasses import dataclass

from apps.kernel.db.hot import Cursor

# backwards from the wallets that have the value now, so that the walk ends there
_PREDECESSORS = """WITH RECURSIVE chain (source_id, heir_id) AS (
  SELECT t.source_wallet_id, t.target_wallet_id FROM cards_transfer t
  WHERE t.brand_id = %(brand)s AND t.target_wallet_id = ANY(%(wallets)s)
  UNION
  SELECT t.source_wallet_id, chain.heir_id FROM chain JOIN cards_transfer t
    ON t.brand_id = %(brand)s AND t.target_wallet_id = chain.source_id)
 SELECT chain.source_id, chain.heir_id, coalesce(w.root_id, w.id), w.program_id
 FROM chain JOIN ledger_wallet w ON w.brand_id = %(brand)s AND w.id = chain.source_id"""

_CHILD_WALLETS = """SELECT h.wallet_id FROM cards_childcard h
 WHERE h.brand_id = %(brand)s AND h.family_id = %(family)s"""


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A wallet that was transferred, at once or by several steps, into `heir_id`. `family_id` is its root's wallet."""

    wallet_id: int
    heir_id: int
    family_id: int
    program_id: int


def predecessors(cursor: Cursor, *, brand_id: int, wallet_ids: Collection[int]) -> list[Predecessor]:
    """All wallets whose value came to these ones by transfers."""
    rows = cursor.execute(_PREDECESSORS, {"brand": brand_id, "wallets": list(wallet_ids)})
    return [Predecessor(*row) for row in rows]


def child_wallets(cursor: Cursor, *, brand_id: int, family_id: int) -> list[int]:
    """The wallets of a root card's children."""
    return [row[0] for row in cursor.execute(_CHILD_WALLETS, {"brand": brand_id, "family": family_id})]
