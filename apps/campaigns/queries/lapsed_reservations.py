"""Which budgets hold reservations that lapsed."""

from datetime import datetime

from apps.kernel.db.hot import hot_cursor

# live reservations are few: their table is read as a whole
_LAPSED = """SELECT r.brand_id, array_agg(DISTINCT r.budget_id) FROM campaigns_budgetreservation r
 WHERE r.until <= %(now)s GROUP BY r.brand_id ORDER BY r.brand_id"""


def lapsed_reservations(now: datetime) -> dict[int, list[int]]:
    """The ids of budgets by their brand, of all brands."""
    return dict(hot_cursor().execute(_LAPSED, {"now": now}).fetchall())
