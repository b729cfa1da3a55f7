"""Reading what cards hold now, without a lock."""

from collections.abc import Collection

from apps.kernel.db.hot import Cursor
from apps.ledger.core.lots import Lot

_OPEN = """SELECT l.wallet_id, l.no, l.value_type_id, l.return_related, l.expires_at, l.active_at, l.hold_id,
 l.hold_until, l.remaining FROM ledger_lot l
 WHERE l.brand_id = %(brand)s AND l.wallet_id = ANY(%(wallets)s) AND l.open ORDER BY l.wallet_id, l.no"""


def open_lots(cursor: Cursor, *, brand_id: int, wallet_ids: Collection[int]) -> dict[int, list[Lot]]:
    """The lots with something in them, by wallet. One statement, none for no wallet."""
    found: dict[int, list[Lot]] = {wallet_id: [] for wallet_id in wallet_ids}
    if found:
        for row in cursor.execute(_OPEN, {"brand": brand_id, "wallets": list(found)}):
            lot = Lot(*row)
            found[lot.wallet_id].append(lot)
    return found
