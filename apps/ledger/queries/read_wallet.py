"""Locking and reading one wallet without its card, as tasks do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from apps.kernel.db.hot import Cursor
from apps.ledger.core.lots import Lot, Wallet
from apps.ledger.queries.open_lots import open_lots
from apps.requestlog.unit import Lock

_FAMILY = """SELECT w.id FROM ledger_wallet w WHERE w.brand_id = %(brand)s AND {mine} AND w.id =
 (SELECT coalesce(own.root_id, own.id) FROM ledger_wallet own WHERE own.brand_id = %(brand)s AND own.id = %(wallet)s)
 FOR NO KEY UPDATE OF w SKIP LOCKED"""

_READ = """SELECT b.timezone, k.closed_through, coalesce(w.root_id, w.id),
 w.program_id, w.card_set_id, w.owner_location_id, w.is_demo, w.last_seq, w.last_lot, w.last_at,
 l.wallet_id, l.no, l.value_type_id, l.return_related, l.expires_at, l.active_at, l.hold_id, l.hold_until, l.remaining
 FROM ledger_wallet w JOIN brands_brand b ON b.id = w.brand_id JOIN brands_clock k ON k.brand_id = w.brand_id
 LEFT JOIN ledger_lot l ON l.brand_id = w.brand_id AND l.wallet_id = w.id AND l.open
 WHERE w.brand_id = %(brand)s AND w.id = %(wallet)s"""

_WALLETS = """SELECT w.id, w.program_id, w.card_set_id, w.owner_location_id, w.is_demo, w.last_seq, w.last_lot,
 w.last_at
 FROM ledger_wallet w WHERE w.brand_id = %(brand)s AND w.id = ANY(%(wallets)s) ORDER BY w.id"""
_NEXT = "SELECT nextval('ledger_wallet_id_seq') FROM generate_series(1, %(count)s)"
_LOT = 10


@dataclass(frozen=True, slots=True)
class WalletRead:
    """A wallet, its open lots, its family's root, and what is needed to know the day in the books."""

    zone: ZoneInfo
    closed_through: date
    family_id: int
    wallet: Wallet
    lots: list[Lot]


def lock_family_if_free(wallet_id: int) -> Lock:
    """The root wallet of the family that a wallet belongs to; nothing while somebody else has it."""
    return Lock(_FAMILY, {"wallet": wallet_id})


def read_wallet(cursor: Cursor, *, brand_id: int, wallet_id: int) -> WalletRead:
    """Read after the lock, with a snapshot of its own."""
    rows = cursor.execute(_READ, {"brand": brand_id, "wallet": wallet_id}).fetchall()
    zone, closed_through, family_id, program_id, card_set_id, owner_id, is_demo, *counters = rows[0][:_LOT]
    wallet = Wallet(wallet_id, (program_id, card_set_id, owner_id, is_demo), *counters)
    lots = [Lot(*row[_LOT:]) for row in rows if row[_LOT] is not None]
    return WalletRead(ZoneInfo(zone), closed_through, family_id, wallet, lots)


def read_wallets(cursor: Cursor, *, brand_id: int, wallet_ids: Collection[int]) -> tuple[list[Wallet], list[Lot]]:
    """Wallets of families that are locked, and their open lots."""
    rows = cursor.execute(_WALLETS, {"brand": brand_id, "wallets": list(wallet_ids)}).fetchall()
    wallets = [Wallet(row[0], tuple(row[1:5]), *row[5:]) for row in rows]
    lots = open_lots(cursor, brand_id=brand_id, wallet_ids=wallet_ids)
    return wallets, [lot for each in lots.values() for lot in each]


def next_wallet_ids(cursor: Cursor, count: int) -> list[int]:
    """Ids for wallets to be opened by the write statement."""
    return [row[0] for row in cursor.execute(_NEXT, {"count": count})]
