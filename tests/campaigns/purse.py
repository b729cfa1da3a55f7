"""Budgets to spend from, in units of work of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import connections

from apps.campaigns.fragments import GUARD, BudgetMoves, move_budgets
from apps.campaigns.models import Budget, Campaign
from apps.campaigns.queries.lock_budgets import lock_budgets
from apps.campaigns.queries.readings import budgets_left, left_of
from apps.kernel.db.hot import Cursor
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import change
from tests.shop import Shop

TODAY = date(2026, 3, 18)
"""A Wednesday."""
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def purse(shop: Shop, cap: object, **more: Any) -> int:
    """A budget; returns its id."""
    campaign = Campaign.objects.create(brand=shop.brand, uuid=uuid4(), name="Spring", created_at=NOW)
    facts = {"uuid": uuid4(), "campaign_id": campaign.pk, "measure": "uses", "cap": cap} | more
    return int(Budget.objects.create(brand=shop.brand, **facts).pk)


def move(shop: Shop, **moves: Any) -> UUID:
    """One operation that does this to budgets; returns its id."""
    call = shop.call()
    wanted = BudgetMoves(**({"on_date": TODAY} | moves))
    parts = move_budgets(brand_id=shop.brand.pk, operation_id=call.id, moves=wanted)
    plan = Plan(answer=None, call_type=CallType.CHECKOUT_COMPLETE, occurred_at=call.now, fragments=parts)
    change(call=call, lock=None, decide=lambda *_: plan)
    return call.id


def take(shop: Shop, wanted: dict[int, Decimal], *, on_date: date = TODAY, now: datetime = NOW) -> bool:
    """Spend as a verb does: only what is left, and with the budgets locked after the guard said no."""
    call = shop.call()
    attempts = []

    def decide(cursor: Cursor, _: frozenset[int]) -> Plan[bool]:
        if attempts:
            lock_budgets(cursor, brand_id=shop.brand.pk, budget_ids=wanted, now=now)
        attempts.append(1)
        seen = read_left(cursor, shop, list(wanted), today=on_date, now=now)
        fits = all(seen[budget] >= amount for budget, amount in wanted.items())
        moves = BudgetMoves(on_date=on_date, spent=wanted if fits else {})
        return Plan(
            answer=fits,
            call_type=CallType.CHECKOUT_COMPLETE,
            occurred_at=call.now,
            fragments=move_budgets(brand_id=shop.brand.pk, operation_id=call.id, moves=moves),
            contested=(GUARD,),
        )

    return change(call=call, lock=None, decide=decide)


def read_left(
    cursor: Any, shop: Shop, budgets: list[int], *, today: date = TODAY, now: datetime = NOW
) -> dict[int, Decimal]:
    """What the reading says."""
    reading = budgets_left(budget_ids=budgets, today=today, now=now)
    params = {"brand": shop.brand.pk, **reading.params}
    (value,) = cursor.execute(f"SELECT ({reading.sql})", params, binary=True).fetchone()
    return left_of(value)


def together(calls: list[Callable[[], Any]], *, threads: int = 32) -> list[Any]:
    """Run all calls in threads with connections of their own."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, calls))
