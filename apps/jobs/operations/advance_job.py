"""Note how far a job is, in the transaction of the rows themselves."""

import json

from apps.jobs.core.figures import Totals
from apps.jobs.models import Job
from apps.kernel.db.hot import Cursor

_ADVANCE = """UPDATE jobs_job SET position = %(position)s, rows_done = %(done)s, rows_refused = %(refused)s,
 totals = %(totals)s::jsonb, errors_position = %(errors)s
 WHERE brand_id = %(brand)s AND id = %(id)s AND position = %(before)s AND state = 'running'"""


def advance_job(
    cursor: Cursor, *, job: Job, before: int, position: int, totals: Totals, done: int, refused: int, errors: int
) -> None:
    """Everything up to byte `position` is done; `before` is where the job was until now.

    A job that is not there any more was taken over by another process: then nothing of this batch must stay.
    """
    params = {
        "brand": job.brand_id,
        "id": job.pk,
        "before": before,
        "position": position,
        "done": done,
        "refused": refused,
        "totals": json.dumps(job.totals | totals.as_json()),
        "errors": errors,
    }
    moved = cursor.execute(_ADVANCE, params).rowcount
    assert moved == 1, "another process works on this job"
