"""End a job with its receipt."""

from datetime import datetime

from apps.jobs.core.receipt import Receipt
from apps.jobs.models import Job


def finish_job(*, job: Job, receipt: Receipt, now: datetime) -> None:
    """The job is done; its file is not taken again."""
    job.state, job.receipt, job.finished_at = "done", receipt, now
    job.save(update_fields=["state", "receipt", "finished_at", "totals"])
