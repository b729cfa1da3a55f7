"""Tasks that keep budgets in order."""

from datetime import UTC, datetime

import structlog
from celery import shared_task

from apps.campaigns.operations.give_back_lapsed import give_back_lapsed
from apps.campaigns.queries.lapsed_reservations import lapsed_reservations

BATCH = 100
"""Budgets that are locked at once."""

log = structlog.get_logger(__name__)


@shared_task(name="apps.campaigns.tasks.give_back_lapsed_reservations")
def give_back_lapsed_reservations() -> None:
    """Give back what setups reserved and nobody completed in time. Calls reckon with it before: this makes the rows
    right. Any number of workers may run it at once."""
    now = datetime.now(UTC)
    changed = 0
    for brand_id, budgets in lapsed_reservations(now).items():
        for start in range(0, len(budgets), BATCH):
            changed += give_back_lapsed(brand_id=brand_id, budget_ids=budgets[start : start + BATCH], now=now)
    if changed:
        log.info("reservations given back", budgets=changed)
