"""Start the job of a file, or take it up where it was left."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.jobs.models import Job
from apps.kernel.db.hot import hot_cursor
from apps.kernel.errors import InvalidInput

_LOCK = "SELECT pg_try_advisory_lock(hashtextextended(%(name)s, 0))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtextextended(%(name)s, 0))"


class JobRunning(InvalidInput):
    """Another process works on this job."""

    message = "This file is being imported by another process at this moment."


class JobDone(InvalidInput):
    """The work was done before."""


class OtherOptions(InvalidInput):
    """The job was begun with other options."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be done: `kind` on a file of which the SHA-256 is `digest`, with options that must not change."""

    brand_id: int
    kind: str
    file_name: str
    digest: str
    options: dict[str, Any]


@contextmanager
def claimed_job(*, task: Task, now: datetime) -> Iterator[Job]:
    """The job of a task, new or unfinished, for this process alone. Its moment is `started_at`, also when taken up.

    Refuses while another process has it, when it is done (and names its receipt), and when it was begun with other
    options. The claim ends with the block, or with the connection.
    """
    name = f"job:{task.brand_id}:{task.kind}:{task.digest}"
    cursor = hot_cursor()
    if not cursor.execute(_LOCK, {"name": name}).fetchone() == (True,):
        raise JobRunning
    try:
        yield _begun(task, now)
    finally:
        if not cursor.connection.closed:
            cursor.execute(_UNLOCK, {"name": name})


def _begun(task: Task, now: datetime) -> Job:
    job = Job.objects.filter(brand_id=task.brand_id, kind=task.kind, file_digest=task.digest).first()
    if job is None:
        return Job.objects.create(
            brand_id=task.brand_id,
            kind=task.kind,
            file_name=task.file_name,
            file_digest=task.digest,
            options=task.options,
            started_at=now,
        )
    if job.state == "done":
        receipt = (job.receipt or {}).get("receiptFile", "none")
        raise JobDone(f"This file was imported before, as import {job.pk}. Its receipt: {receipt}")
    if job.options != task.options:
        raise OtherOptions(f"Import {job.pk} of this file was begun with other options: {_said(job.options)}.")
    job.state, job.error = "running", ""
    job.save(update_fields=["state", "error"])
    return job


def _said(options: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(options.items()) if value) or "none"
