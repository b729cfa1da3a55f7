"""Where the value of transferred cards went."""

from dataclasses import dataclass

from apps.kernel.db.hot import Cursor

# backwards from the wallets that have the value now, so that the walk ends there
_PREDECESSORS = """WITH RECURSIVE chain (source_id, heir_id) AS (
  SELECT t.source_wallet_id, t.target_wallet_id FROM (SELECT %(family)s::bigint AS wallet_id
    UNION ALL SELECT h.wallet_id FROM cards_childcard h WHERE h.brand_id = %(brand)s AND h.family_id = %(family)s) own
  JOIN cards_transfer t ON t.brand_id = %(brand)s AND t.target_wallet_id = own.wallet_id
  UNION
  SELECT t.source_wallet_id, chain.heir_id FROM chain JOIN cards_transfer t
    ON t.brand_id = %(brand)s AND t.target_wallet_id = chain.source_id)
 SELECT chain.source_id, chain.heir_id, w.program_id, coalesce(w.root_id, w.id)
 FROM chain JOIN ledger_wallet w ON w.brand_id = %(brand)s AND w.id = chain.source_id"""

_CHILD_WALLETS = """SELECT h.wallet_id FROM cards_childcard h
 WHERE h.brand_id = %(brand)s AND h.family_id = %(family)s"""


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A wallet of another family that was transferred, at once or by several steps, into `heir_id`."""

    wallet_id: int
    heir_id: int
    program_id: int
    family_id: int


def predecessors(cursor: Cursor, *, brand_id: int, family_id: int) -> list[Predecessor]:
    """All wallets whose value came to a root card or its children by transfers."""
    rows = cursor.execute(_PREDECESSORS, {"brand": brand_id, "family": family_id})
    return [Predecessor(*row) for row in rows]


def child_wallets(cursor: Cursor, *, brand_id: int, family_id: int) -> list[int]:
    """The wallets of a root card's children."""
    return [row[0] for row in cursor.execute(_CHILD_WALLETS, {"brand": brand_id, "family": family_id})]
