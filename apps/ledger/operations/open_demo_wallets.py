"""Open wallets of cards that are active from the start."""

from datetime import datetime

from apps.kernel.db.hot import Cursor

_OPEN = """INSERT INTO ledger_wallet (brand_id, id, root_id, program_id, card_set_id, owner_location_id, is_demo,
 last_seq, last_lot, last_at)
 SELECT %(brand)s, nextval('ledger_wallet_id_seq'), NULL, %(program)s, %(card_set)s, %(owner)s, true, 0, 0, %(at)s
 FROM generate_series(1, %(count)s) RETURNING id"""


def open_demo_wallets(
    cursor: Cursor,
    *,
    brand_id: int,
    count: int,
    program_id: int,
    card_set_id: int,
    owner_location_id: int,
    at: datetime,
) -> list[int]:
    """Insert empty root wallets of demo cards, in the transaction of the cards; returns their ids."""
    params = {
        "brand": brand_id,
        "count": count,
        "program": program_id,
        "card_set": card_set_id,
        "owner": owner_location_id,
        "at": at,
    }
    return [row[0] for row in cursor.execute(_OPEN, params)]
