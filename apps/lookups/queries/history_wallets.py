"""Whose past a card's history tells: its own, its children's, and that of the cards that were transferred into it."""

from dataclasses import dataclass

from apps.kernel.db.hot import Cursor

_WALLETS = """WITH RECURSIVE told (id) AS (
  SELECT w.id FROM ledger_wallet w WHERE w.brand_id = %(brand)s
    AND (w.id = %(wallet)s OR (w.root_id = %(wallet)s AND %(wallet)s = %(family)s))
  UNION
  SELECT t.source_wallet_id FROM told JOIN cards_transfer t
    ON t.brand_id = %(brand)s AND t.target_wallet_id = told.id)
 SELECT told.id, coalesce(w.root_id, w.id)
 FROM told JOIN ledger_wallet w ON w.brand_id = %(brand)s AND w.id = told.id"""


@dataclass(frozen=True, slots=True)
class HistoryWallets:
    """`families` are the root wallets, `wallets` all whose movements count. `of_child`: the history is that of one
    child card."""

    of_child: bool
    families: tuple[int, ...]
    wallets: tuple[int, ...]


def history_wallets(cursor: Cursor, *, brand_id: int, family_id: int, wallet_id: int) -> HistoryWallets:
    """The wallets of a root card's whole family (`wallet_id` = `family_id`), or of one child card."""
    rows = cursor.execute(_WALLETS, {"brand": brand_id, "family": family_id, "wallet": wallet_id}).fetchall()
    return HistoryWallets(
        of_child=wallet_id != family_id,
        families=tuple(sorted({family for _, family in rows})),
        wallets=tuple(sorted(wallet for wallet, _ in rows)),
    )
