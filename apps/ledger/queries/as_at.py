"""What a wallet held at a moment, derived from entries alone. Right also while the sweep is late."""

from datetime import datetime

from apps.kernel.db.hot import hot_cursor
from apps.ledger.core.balances import Balance

# a hold that lapsed by then counts as free value, and free value counts while it is active and not expired
_AS_AT = """SELECT x.value_type_id, x.held_by, sum(x.remaining) FROM (
  SELECT l.value_type_id, l.active_at, l.expires_at, sum(e.amount) AS remaining,
    CASE WHEN l.hold_until IS NULL OR l.hold_until > %(at)s THEN l.hold_id END AS held_by
  FROM ledger_entry e JOIN ledger_lot l ON (l.brand_id, l.wallet_id, l.no) = (e.brand_id, e.wallet_id, e.lot_no)
  WHERE e.brand_id = %(brand)s AND e.wallet_id = %(wallet)s AND e.occurred_at <= %(at)s
    AND (%(known_at)s::timestamptz IS NULL OR e.recorded_at <= %(known_at)s)
  GROUP BY l.brand_id, l.wallet_id, l.no HAVING sum(e.amount) > 0) x
 WHERE x.held_by IS NOT NULL
   OR ((x.active_at IS NULL OR x.active_at <= %(at)s) AND (x.expires_at IS NULL OR x.expires_at > %(at)s))
 GROUP BY x.value_type_id, x.held_by ORDER BY x.held_by IS NOT NULL, x.value_type_id, x.held_by::text"""


def balances_as_at(*, brand_id: int, wallet_id: int, at: datetime, known_at: datetime | None = None) -> list[Balance]:
    """The balances as a client would have seen them at `at`: what was free by value type, then what each hold kept.

    `known_at` leaves out what was written later than that, such as imports with an earlier date: the balances as they
    were known then. None: as they are known now.
    """
    params = {"brand": brand_id, "wallet": wallet_id, "at": at, "known_at": known_at}
    return [Balance(*row) for row in hot_cursor().execute(_AS_AT, params)]
