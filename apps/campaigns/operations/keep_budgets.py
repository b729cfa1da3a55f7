"""The rows that count what a campaign gives: one for each budget, and for each rule that is throttled per brand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.brands.models import Brand
from apps.brands.operations.insert_row import insert_row
from apps.campaigns.core import definitions
from apps.campaigns.core.definitions import Measure, Per
from apps.campaigns.core.kinds import EVER, Window
from apps.campaigns.fragments import FIRST_DAY
from apps.campaigns.models import Budget, Campaign
from apps.kernel.db.hot import hot_cursor
from apps.kernel.errors import InvalidInput

# after a change of the window: what was pruned is counted from the spendings again
_RECOUNT = f"""UPDATE campaigns_budget b SET (used, by_day) = (
  SELECT coalesce(sum(x.amount), 0),
   CASE b.window_unit WHEN 'ever' THEN '{{}}' ELSE coalesce(jsonb_object_agg(x.on_date, x.amount), '{{}}') END
  FROM (SELECT y.on_date, sum(y.amount) AS amount FROM (
    SELECT s.on_date, s.amount FROM campaigns_spending s
    WHERE s.brand_id = b.brand_id AND s.budget_id = b.id AND NOT s.undone
     AND s.on_date >= {FIRST_DAY.format(today="%(today)s::date")}
    UNION ALL SELECT %(today)s::date, 0) y GROUP BY y.on_date) x)
 WHERE b.brand_id = %(brand)s AND b.id = %(budget)s"""


class BudgetTaken(InvalidInput):
    """The UUID of a budget, or of a throttled rule, stands for another one already (9)."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    uuid: UUID
    measure: Measure
    cap: Decimal
    value_type: str = ""
    window: Window = EVER


def keep_budgets(*, brand: Brand, campaign: Campaign, definition: definitions.Campaign, now: datetime) -> None:
    """Make or change the rows that a definition about to be published needs. What was used stays used; a cap may be
    lowered below it, and then nothing more is given. Rows that it does not need any more stay as they are.

    The caller has a transaction open: the rows are locked in the order of their ids, as calls lock them. A budget that
    would count something else than it did, and a UUID of another campaign: 9.
    """
    wanted = {each.uuid: each for each in _wanted(definition)}
    found = Budget.objects.select_for_update(no_key=True).filter(brand=brand, uuid__in=wanted).order_by("pk")
    known = {row.uuid: row for row in found}
    for uuid, row in known.items():
        _change(brand, campaign, row, wanted[uuid], now)
    for uuid, each in wanted.items():
        if uuid not in known:
            _add(brand, campaign, each)


def _wanted(definition: definitions.Campaign) -> Iterator[_Wanted]:
    for budget in definition.budgets:
        yield _Wanted(budget.uuid, budget.measure, budget.cap, budget.value_type)
    for rule in definition.rules:
        for throttle in rule.throttles:
            if throttle.per is Per.BRAND:
                yield _Wanted(rule.uuid, Measure.USES, Decimal(throttle.times), window=throttle.window)


def _change(brand: Brand, campaign: Campaign, row: Budget, wanted: _Wanted, now: datetime) -> None:
    if row.campaign_id != campaign.pk:
        raise BudgetTaken(f"Another campaign has a budget with the UUID {wanted.uuid}.")
    if (row.measure, row.value_type) != (wanted.measure, wanted.value_type):
        raise BudgetTaken(f"The budget {wanted.uuid} counts something else already: make a new one.")
    is_moved = (row.window_unit, row.window_count) != (wanted.window.unit, wanted.window.count)
    row.cap, row.window_unit, row.window_count = wanted.cap, wanted.window.unit, wanted.window.count
    row.save(update_fields=["cap", "window_unit", "window_count"])
    if is_moved:
        today = now.astimezone(ZoneInfo(brand.timezone)).date()
        hot_cursor().execute(_RECOUNT, {"brand": brand.pk, "budget": row.pk, "today": today})


def _add(brand: Brand, campaign: Campaign, wanted: _Wanted) -> None:
    row = Budget(
        brand=brand,
        uuid=wanted.uuid,
        campaign_id=campaign.pk,
        measure=wanted.measure,
        value_type=wanted.value_type,
        cap=wanted.cap,
        window_unit=wanted.window.unit,
        window_count=wanted.window.count,
    )
    insert_row(row=row, duplicate=f"Another campaign has a budget with the UUID {wanted.uuid}.")
