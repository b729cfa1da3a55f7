"""Say how far a run of date triggers has come."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import F

from apps.campaigns.core.date_runs import Progress
from apps.campaigns.models import DateRun
from apps.campaigns.operations.take_date_run import LEASE


def save_date_run(
    *, brand_id: int, day: date, by: UUID, progress: Progress, cards: int, fired: int, now: datetime, leaves: bool
) -> bool:
    """Save the progress, with so many more cards looked at and rules fired; whether the worker `by` had the run still.

    One who `leaves` gives it to whoever wants it next.
    """
    saved = DateRun.objects.filter(brand_id=brand_id, on_date=day, taken_by=by).update(
        revisions=sorted(progress.revisions),
        finished=sorted(progress.finished),
        last_card_id=progress.last_card_id,
        waiting=list(progress.waiting),
        cards=F("cards") + cards,
        fired=F("fired") + fired,
        taken_by=None if leaves else by,
        taken_until=None if leaves else now + LEASE,
        finished_at=now if progress.is_over else None,
    )
    return saved == 1
