"""Take the run of a brand's date triggers in hand, so that no two workers do the same."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.campaigns.core.date_runs import Progress
from apps.campaigns.models import DateRun

LEASE = timedelta(seconds=90)
"""A worker that has said nothing for so long is taken for dead."""


def take_date_run(*, brand_id: int, day: date, in_force: Collection[UUID], by: UUID, now: datetime) -> Progress | None:
    """How far the day has come, for the worker `by`, who has it until `now` and `LEASE`; `in_force` are the revisions
    with date rules. None if there is nothing to do, or another worker has it."""
    known = DateRun.objects.filter(brand_id=brand_id, on_date=day).first()
    if known is not None and _progress(known).towards(in_force).is_over:
        return None
    with transaction.atomic():
        DateRun.objects.bulk_create([DateRun(brand_id=brand_id, on_date=day, started_at=now)], ignore_conflicts=True)
        row = DateRun.objects.select_for_update(skip_locked=True).filter(brand_id=brand_id, on_date=day).first()
        if row is None or (row.taken_until is not None and row.taken_until > now and row.taken_by != by):
            return None
        progress = _progress(row).towards(in_force)
        if progress.is_over:
            return None
        row.revisions, row.last_card_id = sorted(progress.revisions), progress.last_card_id
        row.waiting, row.finished_at = list(progress.waiting), None
        row.taken_by, row.taken_until = by, now + LEASE
        row.save()
    return progress


def _progress(row: DateRun) -> Progress:
    return Progress(
        revisions=frozenset(row.revisions),
        finished=frozenset(row.finished),
        last_card_id=row.last_card_id,
        waiting=tuple(row.waiting),
    )
