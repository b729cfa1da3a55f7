"""Leave a job where it is; the same call goes on there."""

from apps.jobs.models import Job


def leave_job(*, job: Job, why: str, has_failed: bool = False) -> None:
    """Say that nobody works on the job any more, and why. One that another process has taken over stays as it is."""
    mine = Job.objects.filter(brand_id=job.brand_id, pk=job.pk, position=job.position, state="running")
    mine.update(state="failed" if has_failed else "interrupted", error=why)
