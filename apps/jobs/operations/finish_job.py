"""End a job: done with its receipt, or left where it is."""

from datetime import datetime

from apps.jobs.core.receipt import Receipt
from apps.jobs.models import Job


def finish_job(*, job: Job, receipt: Receipt, now: datetime) -> None:
    """The job is done; its file is not taken again."""
    job.state, job.receipt, job.finished_at = "done", receipt, now
    job.save(update_fields=["state", "receipt", "finished_at"])


def leave_job(*, job: Job, why: str, has_failed: bool = False) -> None:
    """The job is left where it is; the same call goes on there."""
    job.state, job.error = "failed" if has_failed else "interrupted", why
    job.save(update_fields=["state", "error"])
