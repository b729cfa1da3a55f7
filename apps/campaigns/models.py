"""Tables of campaigns: what they say, what they have given, and what they may still give."""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.campaigns.core.definitions import Measure
from apps.campaigns.core.kinds import Unit
from apps.kernel.db.constraints import BrandForeignKey
from apps.kernel.db.fields import AmountField, BrandKey
from apps.kernel.db.triggers import never_deleted


def _choices(values: type[models.TextChoices] | list[str]) -> list[tuple[str, str]]:
    return [(str(each), str(each)) for each in values]


@pghistory.track()
class Campaign(models.Model):
    """A campaign; what it says stands in its revisions. A paused one fires nothing."""

    brand = BrandKey()
    uuid = models.UUIDField()
    name = models.TextField()
    is_paused = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        triggers = [never_deleted(), pgtrigger.ReadOnly(name="fixed_uuid", fields=["brand", "uuid"])]
        constraints = [
            models.UniqueConstraint(name="campaigns_campaign_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="campaigns_campaign_uuid", fields=["brand", "uuid"]),
            BrandForeignKey(
                name="campaigns_campaign_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Revision(models.Model):
    """What a campaign says (`definition`: JSON of `core.definitions.Campaign`). Once published it never changes."""

    DRAFT, PUBLISHED, ARCHIVED = "draft", "published", "archived"

    brand = BrandKey()
    uuid = models.UUIDField()
    campaign_id = models.BigIntegerField()
    number = models.IntegerField()
    state = models.TextField(choices=_choices([DRAFT, PUBLISHED, ARCHIVED]), default=DRAFT)
    definition = models.JSONField()
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.BigIntegerField(null=True)

    class Meta:
        triggers = [
            never_deleted(),
            pgtrigger.Protect(
                name="fixed_once_published",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["published", "archived"])
                & (pgtrigger.Q(old__definition__df=pgtrigger.F("new__definition")) | pgtrigger.Q(new__state="draft")),
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="campaigns_revision_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="campaigns_revision_uuid", fields=["brand", "uuid"]),
            models.UniqueConstraint(name="campaigns_revision_number", fields=["brand", "campaign_id", "number"]),
            models.UniqueConstraint(
                name="campaigns_revision_one_draft", fields=["brand", "campaign_id"], condition=Q(state="draft")
            ),
            models.UniqueConstraint(
                name="campaigns_revision_one_live", fields=["brand", "campaign_id"], condition=Q(state="published")
            ),
            BrandForeignKey(name="campaigns_revision_of", columns=["brand_id", "campaign_id"], to="campaigns_campaign"),
        ]


class Budget(models.Model):
    """What a campaign may give to all cards together: a budget, or a rule's throttle for the whole brand.

    `used` and `reserved` (by locking setups) together stay within `cap`; a window (throttles only) counts `by_day`,
    and `used` is what of it lies in the window that ended when it was last written. `is_over` is asked of every change
    and never true: its constraint is what holds parallel calls to the cap.
    """

    brand = BrandKey()
    uuid = models.UUIDField()
    campaign_id = models.BigIntegerField()
    measure = models.TextField(choices=_choices(list(Measure)))
    value_type = models.TextField(blank=True)
    cap = AmountField()
    used = AmountField(default=0)
    reserved = AmountField(default=0)
    window_unit = models.TextField(choices=_choices(list(Unit)), default=Unit.EVER)
    window_count = models.IntegerField(default=1)
    by_day = models.JSONField(default=dict)
    is_over = models.BooleanField(default=False)

    class Meta:
        triggers = [never_deleted()]
        constraints = [
            models.UniqueConstraint(name="campaigns_budget_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="campaigns_budget_uuid", fields=["brand", "uuid"]),
            models.CheckConstraint(name="campaigns_budget_not_over", condition=Q(is_over=False)),
            models.CheckConstraint(
                name="campaigns_budget_amounts", condition=Q(cap__gte=0, used__gte=0, reserved__gte=0)
            ),
            BrandForeignKey(name="campaigns_budget_of", columns=["brand_id", "campaign_id"], to="campaigns_campaign"),
        ]


class BudgetReservation(models.Model):
    """What a locking setup put into `reserved` of a budget. Complete moves it to `used`, every other end gives it
    back; a row is deleted by whoever does."""

    pk = models.CompositePrimaryKey("brand_id", "budget_id", "operation_id")
    brand = BrandKey()
    budget_id = models.BigIntegerField()
    operation_id = models.UUIDField()
    amount = AmountField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index("brand_id", "operation_id", name="campaigns_reservation_setup")]
        constraints = [
            models.CheckConstraint(name="campaigns_reservation_some", condition=Q(amount__gt=0)),
            BrandForeignKey(name="campaigns_reservation_of", columns=["brand_id", "budget_id"], to="campaigns_budget"),
            BrandForeignKey(
                name="campaigns_reservation_by", columns=["brand_id", "operation_id"], to="requestlog_operation"
            ),
        ]


class Spending(models.Model):
    """What an operation took from a budget, on a day of the brand's zone; not `undone` by a void."""

    pk = models.CompositePrimaryKey("brand_id", "budget_id", "operation_id")
    brand = BrandKey()
    budget_id = models.BigIntegerField()
    operation_id = models.UUIDField()
    amount = AmountField()
    on_date = models.DateField()
    undone = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index("brand_id", "operation_id", name="campaigns_spending_operation")]
        constraints = [
            models.CheckConstraint(name="campaigns_spending_some", condition=Q(amount__gt=0)),
            BrandForeignKey(name="campaigns_spending_of", columns=["brand_id", "budget_id"], to="campaigns_budget"),
            BrandForeignKey(
                name="campaigns_spending_by", columns=["brand_id", "operation_id"], to="requestlog_operation"
            ),
        ]


class Mutation(models.Model):
    """A line of an operation's `balanceMutations` that a campaign caused: value that moved (`amount` as on the wire,
    the entries of the ledger with `mutation_no`), or a discount (in the checkout's currency)."""

    pk = models.CompositePrimaryKey("brand_id", "operation_id", "no")
    brand = BrandKey()
    operation_id = models.UUIDField()
    no = models.IntegerField()
    campaign_uuid = models.UUIDField()
    revision_uuid = models.UUIDField()
    rule_uuid = models.UUIDField(null=True)
    result_uuid = models.UUIDField(null=True)
    condition_uuid = models.UUIDField(null=True)
    name = models.TextField(blank=True)
    amount = AmountField()
    is_discount = models.BooleanField()
    is_conversion = models.BooleanField(default=False)
    wallet_id = models.BigIntegerField(null=True)
    value_type_id = models.BigIntegerField(null=True)
    mutation_no = models.SmallIntegerField(null=True)
    expires_at = models.DateTimeField(null=True)
    active_at = models.DateTimeField(null=True)
    sku = models.TextField(null=True)
    unit_price = AmountField(null=True)
    units = AmountField(null=True)
    unit_discount = AmountField(null=True)

    class Meta:
        indexes = [models.Index("brand_id", "campaign_uuid", name="campaigns_mutation_campaign")]
        constraints = [
            models.CheckConstraint(
                name="campaigns_mutation_kind",
                condition=Q(is_discount=True, amount__gt=0, mutation_no__isnull=True, wallet_id__isnull=True)
                | Q(is_discount=False, mutation_no__isnull=False, wallet_id__isnull=False),
            ),
            BrandForeignKey(
                name="campaigns_mutation_by", columns=["brand_id", "operation_id"], to="requestlog_operation"
            ),
            BrandForeignKey(name="campaigns_mutation_own", columns=["brand_id", "wallet_id"], to="ledger_wallet"),
        ]


class Triggering(models.Model):
    """A `triggeringUUID` that was used: a second call with it succeeds without effect."""

    pk = models.CompositePrimaryKey("brand_id", "uuid")
    brand = BrandKey()
    uuid = models.UUIDField()
    operation_id = models.UUIDField()

    class Meta:
        constraints = [
            BrandForeignKey(
                name="campaigns_triggering_by", columns=["brand_id", "operation_id"], to="requestlog_operation"
            )
        ]


class DateRun(models.Model):
    """How far the date triggers of a brand's day have come; see `core.date_runs`.

    `revisions` are those whose cards the pass under way looks at, up to `last_card_id`; `waiting` cards were locked
    and are looked at again; `finished` are revisions whose pass is over. `cards` counts looks, `fired` rules. The
    worker `taken_by` is at it; one that stops saying so loses it at `taken_until`.
    """

    pk = models.CompositePrimaryKey("brand_id", "on_date")
    brand = BrandKey()
    on_date = models.DateField()
    revisions = ArrayField(models.UUIDField(), default=list)
    finished = ArrayField(models.UUIDField(), default=list)
    last_card_id = models.BigIntegerField(default=0)
    waiting = ArrayField(models.BigIntegerField(), default=list)
    cards = models.BigIntegerField(default=0)
    fired = models.BigIntegerField(default=0)
    taken_by = models.UUIDField(null=True)
    taken_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
