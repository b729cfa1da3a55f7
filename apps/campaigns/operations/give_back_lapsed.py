"""Give back what locking setups reserved and nobody completed in time."""

from collections.abc import Sequence
from datetime import datetime

from apps.campaigns.queries.lock_budgets import GIVE_BACK
from apps.kernel.db.hot import hot_cursor, is_idle, roll_back

_LOCK = """SELECT b.id FROM campaigns_budget b WHERE b.brand_id = %(brand)s AND b.id = ANY(%(budgets)s)
 ORDER BY b.id FOR NO KEY UPDATE SKIP LOCKED"""


def give_back_lapsed(*, brand_id: int, budget_ids: Sequence[int], now: datetime) -> int:
    """Give back the reservations of these budgets that lapsed by `now`; returns how many budgets it changed.

    A transaction of its own. Budgets that others have locked are passed over: whoever needs them gives back himself,
    and the next run is near. A second time changes nothing.
    """
    cursor = hot_cursor()
    assert is_idle(cursor), "the locks would be held for as long as the caller's transaction"
    params = {"brand": brand_id, "budgets": list(budget_ids), "now": now}
    cursor.execute("BEGIN")
    try:
        params["budgets"] = [row[0] for row in cursor.execute(_LOCK, params).fetchall()]
        changed = cursor.execute(GIVE_BACK, params).rowcount
        cursor.execute("COMMIT")
    except BaseException:
        roll_back(cursor)
        raise
    return changed
