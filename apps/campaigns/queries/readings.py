"""What the engine is told of budgets: a reading for the one read statement."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from apps.campaigns.fragments import FIRST_DAY
from apps.kernel.readings import Reading

_LEFT = f"""SELECT jsonb_object_agg(b.id, (b.cap - b.reserved
  - CASE b.window_unit WHEN 'ever' THEN b.used ELSE (SELECT coalesce(sum(k.value::numeric), 0)
    FROM jsonb_each_text(b.by_day) k WHERE k.key::date >= {FIRST_DAY.format(today="%(budget_day)s::date")}) END
  + (SELECT coalesce(sum(r.amount), 0) FROM campaigns_budgetreservation r
    WHERE r.brand_id = b.brand_id AND r.budget_id = b.id AND r.until <= %(budget_now)s))::text)
 FROM campaigns_budget b WHERE b.brand_id = %(brand)s AND b.id = ANY(%(budgets)s::bigint[])"""


_TRIGGERED = "SELECT true FROM campaigns_triggering t WHERE t.brand_id = %(brand)s AND t.uuid = %(triggering)s"


def triggered(uuid: UUID) -> Reading:
    """True if a `triggeringUUID` was used before, or nothing."""
    return Reading("triggered", _TRIGGERED, {"triggering": uuid})


def budgets_left(*, budget_ids: Collection[int], today: date, now: datetime) -> Reading:
    """`{id: text}`: what each budget has left; below zero where its cap was lowered. See `left_of`.

    `today` is the day in the brand's zone on which windows end. Reservations that lapsed by `now` count as left; they
    are given back when the guard says so.
    """
    return Reading("budgets", _LEFT, {"budgets": list(budget_ids), "budget_day": today, "budget_now": now})


def left_of(value: Mapping[str, str] | None) -> dict[int, Decimal]:
    """What the reading said, by the budgets' ids."""
    return {int(budget): Decimal(left) for budget, left in (value or {}).items()}
