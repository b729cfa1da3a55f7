"""Which wallets hold value whose moment has come."""

from datetime import datetime

from apps.kernel.db.hot import hot_cursor

# two walks along the two indexes of due lots, each ended by its own limit: the price does not grow with the ledger
_DUE = """SELECT due.wallet_id FROM (
  (SELECT l.wallet_id, l.expires_at AS at FROM ledger_lot l
   WHERE l.brand_id = %(brand)s AND l.open AND l.hold_id IS NULL AND l.expires_at <= %(now)s
   ORDER BY l.expires_at LIMIT %(limit)s)
  UNION ALL
  (SELECT l.wallet_id, l.hold_until FROM ledger_lot l
   WHERE l.brand_id = %(brand)s AND l.open AND l.hold_until <= %(now)s
   ORDER BY l.hold_until LIMIT %(limit)s)) due
 GROUP BY due.wallet_id ORDER BY min(due.at), due.wallet_id LIMIT %(limit)s"""


def due_wallets(*, brand_id: int, now: datetime, limit: int) -> list[int]:
    """At most `limit` wallets with a lot that expired or a hold that lapsed by `now`, the longest overdue first.

    They are read without a lock: by the time they are looked at, a call may have settled them.
    """
    rows = hot_cursor().execute(_DUE, {"brand": brand_id, "now": now, "limit": limit})
    return [row[0] for row in rows]
