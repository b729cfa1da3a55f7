"""What was asked and what was changed.

Operation   one row for each change, whoever made it; thin, kept for ever; its id is requestRef and transactionId
Key         customRequestIds that were consumed
Request     one row for each call of the JSON API; bodies as masked bytes; months can be dropped
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left

from apps.kernel.db.fields import BrandKey
from apps.kernel.db.triggers import append_only


class Operation(models.Model):
    """One thing that changed something. `family_id` is the root card's wallet, which is also the lock. Numbers of
    origin and call type stand in `requestlog.core.kinds`."""

    pk = models.CompositePrimaryKey("brand_id", "id")
    brand = BrandKey()
    id = models.UUIDField()
    origin = models.SmallIntegerField()
    call_type = models.SmallIntegerField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    family_id = models.BigIntegerField(null=True)
    child_id = models.BigIntegerField(null=True)
    location_id = models.BigIntegerField(null=True)
    terminal_id = models.BigIntegerField(null=True)
    employee_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    external_id = models.TextField(null=True)
    note = models.TextField(null=True)
    custom_mutation_type = models.TextField(null=True)

    class Meta:
        triggers = [append_only()]
        indexes = [
            models.Index(
                "brand_id",
                "family_id",
                models.F("occurred_at").desc(),
                models.F("id").desc(),
                name="requestlog_operation_family",
                condition=Q(family_id__isnull=False),
            ),
            models.Index(
                "brand_id",
                Left("external_id", 64),
                name="requestlog_operation_external",
                condition=Q(external_id__isnull=False),
            ),
        ]


class Key(models.Model):
    """A consumed customRequestId: the first 16 bytes of its SHA-256, unique in the brand for ever."""

    pk = models.CompositePrimaryKey("brand_id", "digest")
    brand = BrandKey()
    digest = models.BinaryField()
    operation_id = models.UUIDField()


class Request(models.Model):
    """One call of the JSON API, also reads and refusals. Partitioned by month of its UUIDv7; nothing refers to it."""

    pk = models.CompositePrimaryKey("brand_id", "id")
    brand = BrandKey()
    id = models.UUIDField()
    method = models.SmallIntegerField()
    error_code = models.SmallIntegerField()
    http_status = models.SmallIntegerField()
    location_id = models.BigIntegerField(null=True)
    terminal_id = models.BigIntegerField(null=True)
    credential_id = models.BigIntegerField(null=True)
    card_number = models.TextField(null=True)
    custom_id = models.TextField(null=True)
    external_id = models.TextField(null=True)
    note = models.TextField(null=True)
    address = models.TextField(null=True)
    micros = models.IntegerField()
    headers = models.BinaryField()
    request = models.BinaryField()
    response = models.BinaryField()
    facts = models.BinaryField(null=True)
    verdicts = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "requestlog_request"
