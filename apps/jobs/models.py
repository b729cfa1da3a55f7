"""Long work: what was asked, how far it is, what came out."""

from django.db import models
from django.db.models import Q

from apps.kernel.db.constraints import BrandForeignKey
from apps.kernel.db.fields import BrandKey
from apps.kernel.db.triggers import never_deleted


class Job(models.Model):
    """One piece of long work, such as the import of a file. `position` is the byte of the file up to which everything
    is committed, in the same transactions as the rows themselves: an interrupted job goes on there.

    `totals` are control totals so far, `receipt` what stands at the end; both are JSON with amounts as texts.
    `errors_position` is the byte of the error file up to which it tells of committed rows.
    """

    id = models.BigAutoField(primary_key=True)
    brand = BrandKey()
    kind = models.TextField()
    state = models.TextField(
        choices=[(each, each) for each in ("running", "interrupted", "done", "failed")], default="running"
    )
    file_name = models.TextField(blank=True)
    file_digest = models.TextField(blank=True, help_text="SHA-256 of the file, in hex")
    options = models.JSONField(default=dict)
    position = models.BigIntegerField(default=0)
    rows_done = models.BigIntegerField(default=0)
    rows_refused = models.BigIntegerField(default=0)
    errors_position = models.BigIntegerField(default=0)
    totals = models.JSONField(default=dict)
    receipt = models.JSONField(null=True)
    error = models.TextField(blank=True)
    owner_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        triggers = [never_deleted()]
        indexes = [models.Index("brand_id", models.F("id").desc(), name="jobs_job_newest")]
        constraints = [
            models.UniqueConstraint(name="jobs_job_key", fields=["brand", "id"]),
            models.UniqueConstraint(
                name="jobs_job_file", fields=["brand", "kind", "file_digest"], condition=~Q(file_digest="")
            ),
            BrandForeignKey(name="jobs_job_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}".strip()
