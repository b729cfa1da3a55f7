"""Tables of messages: how a brand sends, what waits to be sent, and what became of it."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from apps.kernel.db.constraints import BrandForeignKey
from apps.kernel.db.fields import BrandKey
from apps.kernel.db.triggers import never_deleted
from apps.messaging.core.kinds import Channel, Purpose, Reason, State

CHANNELS = [(each.value, each.value) for each in Channel]
KINDS = [(each, each) for each in ("console", "file", "smtp", "anymail", "http")]


@pghistory.track(exclude=["secrets"])
class Sender(models.Model):
    """By which provider a brand sends on a channel. `settings` are those of the provider's kind, see
    `apps.messaging.providers`; `secrets` a JSON object of texts, sealed as PINs are."""

    brand = BrandKey()
    channel = models.TextField(choices=CHANNELS)
    kind = models.TextField(choices=KINDS)
    from_address = models.TextField(default="", blank=True)
    settings = models.JSONField(default=dict)
    secrets = models.BinaryField(null=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        triggers = [never_deleted(), pgtrigger.ReadOnly(name="fixed_channel", fields=["brand", "channel"])]
        constraints = [
            models.UniqueConstraint(name="messaging_sender_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="messaging_sender_channel", fields=["brand", "channel"]),
            BrandForeignKey(name="messaging_sender_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]),
        ]

    def __str__(self) -> str:
        return f"{self.channel} by {self.kind}"


@pghistory.track()
class Confirmation(models.Model):
    """The template of the message that asks for the confirmation of an opt-in: one for e-mail, one for SMS."""

    brand = BrandKey()
    channel = models.TextField(choices=[(each.value, each.value) for each in (Channel.EMAIL, Channel.SMS)])
    subject = models.TextField(default="", blank=True)
    body = models.TextField()
    is_active = models.BooleanField(default=True)

    class Meta:
        triggers = [never_deleted(), pgtrigger.ReadOnly(name="fixed_channel", fields=["brand", "channel"])]
        constraints = [
            models.UniqueConstraint(name="messaging_confirmation_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="messaging_confirmation_channel", fields=["brand", "channel"]),
            BrandForeignKey(
                name="messaging_confirmation_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]
            ),
        ]

    def __str__(self) -> str:
        return self.channel


class Outbox(models.Model):
    """One message that is to leave, written with the change that it is about; sent by a task after the commit.

    `subject`, `body` and `url` are templates. `variables` are what was true when it was written; customer and balances
    are read when it is sent. So no personal data stands here, unless a till sends some as key values.
    `wallet_id`: whose card; `subscription_id`: an address without a card. `result_uuid` and `no` (several messages of
    one result) make it unique in its operation; confirmations have the nil UUID. `third_party`: which social network.
    `list_uuid`: the subscription list that its reader must be in. `claimed_until`: until when a worker has it.
    """

    pk = models.CompositePrimaryKey("brand_id", "id")
    brand = BrandKey()
    id = models.UUIDField()
    operation_id = models.UUIDField()
    wallet_id = models.BigIntegerField(null=True)
    subscription_id = models.BigIntegerField(null=True)
    result_uuid = models.UUIDField()
    no = models.SmallIntegerField()
    rule_uuid = models.UUIDField(null=True)
    purpose = models.SmallIntegerField(default=int(Purpose.NOTIFICATION))
    channel = models.TextField(choices=CHANNELS)
    third_party = models.TextField(default="")
    list_uuid = models.UUIDField(null=True)
    subject = models.TextField(default="")
    body = models.TextField()
    url = models.TextField(default="")
    variables = models.JSONField(default=dict)
    state = models.SmallIntegerField(default=int(State.QUEUED))
    reason = models.TextField(default="", choices=[(each.value, each.value) for each in Reason])
    detail = models.TextField(default="")
    attempts = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    provider_id = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index("brand_id", "due_at", name="messaging_outbox_due", condition=Q(state=int(State.QUEUED))),
            models.Index(
                "brand_id",
                "wallet_id",
                models.F("id").desc(),
                name="messaging_outbox_wallet",
                condition=Q(wallet_id__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="messaging_outbox_once", fields=["brand", "operation_id", "result_uuid", "no"]
            ),
            models.CheckConstraint(
                name="messaging_outbox_reason",
                condition=Q(state__in=[1, 2], reason="") | Q(state__in=[3, 4]) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="messaging_outbox_sent",
                condition=Q(state=int(State.SENT), sent_at__isnull=False)
                | ~Q(state=int(State.SENT)) & Q(sent_at__isnull=True),
            ),
            BrandForeignKey(
                name="messaging_outbox_operation",
                columns=["brand_id", "operation_id"],
                to="requestlog_operation",
            ),
            BrandForeignKey(name="messaging_outbox_wallet_of", columns=["brand_id", "wallet_id"], to="ledger_wallet"),
        ]
