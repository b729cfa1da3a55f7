"""Tasks of the request log."""

from datetime import UTC, datetime, timedelta

import structlog
from celery import shared_task
from django.db.models import Max

from apps.brands.models import ApiCredential
from apps.brands.operations.note_credential_use import note_credential_use as note
from apps.requestlog.operations.make_month_partitions import make_month_partitions as make
from apps.requestlog.queries.credential_uses import credential_uses

LOOK_BACK = timedelta(minutes=15)
"""How far back use is looked for, if the task did not run for a while."""
OVERLAP = timedelta(minutes=1)
"""A call gets its id when it comes in and its row when it is answered; none takes longer than this."""

log = structlog.get_logger(__name__)


@shared_task(name="apps.requestlog.tasks.make_month_partitions")
def make_month_partitions() -> None:
    """Make the months of the request log ahead. Harmless to repeat."""
    done = make(now=datetime.now(UTC))
    if done.made:
        log.info("months of the request log made", months=[str(month) for month in done.made], moved=done.moved)
    if done.left:
        log.error(
            "months of the request log left to the default partition: it holds too many rows",
            months=[str(month) for month in done.left],
            remedy="manage.py make_request_log_months --however-large",
        )


@shared_task(name="apps.requestlog.tasks.note_credential_use")
def note_credential_use() -> None:
    """Derive from the last minutes of the request log when API keys were used. Harmless to repeat.

    A counter in the key's row would make every call of a brand write the same row.
    """
    oldest = datetime.now(UTC) - LOOK_BACK
    known = ApiCredential.objects.values("brand_id").annotate(latest=Max("last_used_at")).order_by("brand_id")
    for brand_id, latest in known.values_list("brand_id", "latest"):
        since = oldest if latest is None else max(oldest, latest - OVERLAP)
        note(brand_id=brand_id, uses=credential_uses(brand_id=brand_id, since=since))
