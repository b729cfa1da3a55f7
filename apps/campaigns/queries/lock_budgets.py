"""The way of a call that met the guard of a budget: it runs again, with the budgets locked."""

from collections.abc import Collection
from datetime import datetime

from apps.kernel.db.hot import Cursor

_LOCK = """SELECT b.id FROM campaigns_budget b WHERE b.brand_id = %(brand)s AND b.id = ANY(%(budgets)s)
 ORDER BY b.id FOR NO KEY UPDATE"""
GIVE_BACK = """WITH gone AS (DELETE FROM campaigns_budgetreservation r
  WHERE r.brand_id = %(brand)s AND r.budget_id = ANY(%(budgets)s) AND r.until <= %(now)s
  RETURNING r.budget_id, r.amount)
 UPDATE campaigns_budget b SET reserved = b.reserved - g.amount
 FROM (SELECT budget_id, sum(amount) AS amount FROM gone GROUP BY budget_id) g
 WHERE b.brand_id = %(brand)s AND b.id = g.budget_id"""


def lock_budgets(cursor: Cursor, *, brand_id: int, budget_ids: Collection[int], now: datetime) -> None:
    """Lock budgets in the order of their ids and give back reservations that lapsed by `now`.

    To be called after the family's lock and before the read: what that sees of these budgets stays true until the
    transaction ends. Two statements.
    """
    params = {"brand": brand_id, "budgets": list(budget_ids), "now": now}
    cursor.execute(_LOCK, params)
    cursor.execute(GIVE_BACK, params)
