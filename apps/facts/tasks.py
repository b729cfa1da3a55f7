"""Tasks that derive what is known of products and customers."""

import time
from collections import deque
from datetime import UTC, datetime

import structlog
from celery import shared_task
from django.db import connection

from apps.brands.models import Brand
from apps.facts.operations.count_copurchases import count_copurchases as count
from apps.facts.operations.score_customers import score_customers as score

FEATURE = "recommendations"
RUN_SECONDS = 40.0
"""After this a run begins no further batch: what is left is for the next run."""

log = structlog.get_logger(__name__)


@shared_task(name="apps.facts.tasks.count_copurchases")
def count_copurchases(seconds: float = RUN_SECONDS) -> None:
    """Count which products are bought together, for brands with recommendations, a batch of each in turn.

    Any number of workers may run it at once.
    """
    ends, calls = time.monotonic() + seconds, 0
    brands = Brand.objects.filter(features__contains=[FEATURE]).order_by("id")
    waiting = deque(brands.values_list("id", flat=True))
    while waiting and time.monotonic() < ends:
        brand_id = waiting.popleft()
        counted = count(brand_id=brand_id, now=datetime.now(UTC))
        calls += counted.calls
        if not counted.is_done:
            waiting.append(brand_id)
    if calls:
        log.info("checkouts counted for recommendations", calls=calls)


@shared_task(name="apps.facts.tasks.score_customers")
def score_customers() -> None:
    """Score the customers of all brands that are active. Harmless to repeat."""
    for brand in Brand.objects.filter(is_active=True).order_by("id"):
        try:
            scored = score(brand=brand, now=datetime.now(UTC))
        except Exception:
            # one brand that cannot be scored must not keep the others from it
            log.exception("customers not scored", brand=brand.pk)
            connection.close()
            continue
        if scored.active:
            log.info("customers scored", brand=brand.pk, active=scored.active, inactive=scored.inactive)
