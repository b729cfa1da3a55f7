"""What is known about a card (or a child card) from its history; `wallet_id` says which.

Calls write these rows in their own transaction, under the family's lock; `rebuild_facts` derives the same from
operations and checkouts. A card that was transferred has none: its successor has them.
"""

from decimal import Decimal

import pghistory
from django.db import models
from django.db.models import Q

from apps.facts.core import score
from apps.kernel.db.constraints import BrandForeignKey
from apps.kernel.db.fields import BrandKey
from apps.kernel.db.triggers import never_deleted


def _sum_field() -> "models.DecimalField[Decimal, Decimal]":
    """Wider than any amount that is added to it: no checkout may fail because of a sum."""
    return models.DecimalField(max_digits=38, decimal_places=6)


def _wallet_key(name: str) -> BrandForeignKey:
    return BrandForeignKey(name=name, columns=["brand_id", "wallet_id"], to="ledger_wallet")


class Visits(models.Model):
    """How often the holder came: transactions less than 90 minutes after the one before belong to the same visit."""

    pk = models.CompositePrimaryKey("brand_id", "wallet_id")
    brand = BrandKey()
    wallet_id = models.BigIntegerField()
    visits = models.IntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="facts_visits_some", condition=Q(visits__gt=0)),
            _wallet_key("facts_visits_wallet"),
        ]


class Purchases(models.Model):
    """Completed checkouts that were not voided, by currency. `spend` is their total after all discounts, less what was
    returned; `last_at` is theirs, too. Where there are only returns, there is no `last_at`, and no checkout."""

    pk = models.CompositePrimaryKey("brand_id", "wallet_id", "currency")
    brand = BrandKey()
    wallet_id = models.BigIntegerField()
    currency = models.TextField()
    checkouts = models.IntegerField()
    spend = _sum_field()
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="facts_purchases_some",
                condition=Q(checkouts__gt=0, last_at__isnull=False) | Q(checkouts=0, last_at__isnull=True),
            ),
            _wallet_key("facts_purchases_wallet"),
        ]


class SkuCount(models.Model):
    """How many units of a product were bought and not returned, in how many checkouts they were bought."""

    pk = models.CompositePrimaryKey("brand_id", "wallet_id", "sku")
    brand = BrandKey()
    wallet_id = models.BigIntegerField()
    sku = models.TextField()
    quantity = _sum_field()
    checkouts = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="facts_skucount_some", condition=Q(checkouts__gte=0)),
            _wallet_key("facts_skucount_wallet"),
        ]


class PlaceCount(models.Model):
    """In how many checkouts the card was seen at a location."""

    pk = models.CompositePrimaryKey("brand_id", "wallet_id", "location_id")
    brand = BrandKey()
    wallet_id = models.BigIntegerField()
    location_id = models.BigIntegerField()
    checkouts = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="facts_placecount_some", condition=Q(checkouts__gt=0)),
            _wallet_key("facts_placecount_wallet"),
        ]


class Firing(models.Model):
    """A campaign's rule fired for the card, `times` times on `on_date` (a day of the brand's zone). Throttles count
    these rows, but those that a void took back (`undone`). A transfer gives them to the successor."""

    pk = models.CompositePrimaryKey("brand_id", "wallet_id", "rule_uuid", "operation_id")
    brand = BrandKey()
    wallet_id = models.BigIntegerField()
    rule_uuid = models.UUIDField()
    operation_id = models.UUIDField()
    on_date = models.DateField()
    times = models.IntegerField()
    undone = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index("brand_id", "operation_id", name="facts_firing_operation"),
            models.Index("brand_id", "rule_uuid", "on_date", name="facts_firing_rule"),
        ]
        constraints = [
            models.CheckConstraint(name="facts_firing_some", condition=Q(times__gt=0)),
            _wallet_key("facts_firing_wallet"),
            BrandForeignKey(name="facts_firing_by", columns=["brand_id", "operation_id"], to="requestlog_operation"),
        ]


class CoPurchase(models.Model):
    """In how many checkouts two products were bought together. Each pair stands here both ways; of a product only the
    pairs that occur most are kept. Derived by a task, see `operations.count_copurchases`."""

    pk = models.CompositePrimaryKey("brand_id", "sku", "other")
    brand = BrandKey()
    sku = models.TextField()
    other = models.TextField()
    checkouts = models.IntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="facts_copurchase_some", condition=Q(checkouts__gt=0))]


class CoPurchaseMark(models.Model):
    """How far the pairs of a brand are counted. Ids are in the order of time: checkouts and voids below `counted_to`
    are counted, of those below `safe_to` none can appear any more. Those made ten minutes before `fence_at` or earlier
    are safe once all transactions below `fence_xid` have ended."""

    brand = models.OneToOneField(
        "brands.Brand", primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    counted_to = models.UUIDField()
    safe_to = models.UUIDField()
    fence_at = models.DateTimeField()
    fence_xid = models.BigIntegerField()


@pghistory.track()
class Scoring(models.Model):
    """How a brand scores its customers; a brand without a row does so as well, by these defaults.

    Purchases of the last `window_days` count. `labels` are pairs of the highest total and its name, in order.
    """

    brand = BrandKey()
    is_active = models.BooleanField(default=True)
    window_days = models.IntegerField(default=score.WINDOW_DAYS)
    recency_weight = models.DecimalField(max_digits=9, decimal_places=3, default=1)
    frequency_weight = models.DecimalField(max_digits=9, decimal_places=3, default=1)
    monetary_weight = models.DecimalField(max_digits=9, decimal_places=3, default=1)
    labels = models.JSONField(default=score.default_labels)

    class Meta:
        triggers = [never_deleted()]
        constraints = [
            models.UniqueConstraint(name="facts_scoring_brand", fields=["brand"]),
            BrandForeignKey(name="facts_scoring_of", columns=["brand_id"], to="brands_brand", to_columns=["id"]),
        ]


class Score(models.Model):
    """How recently, how often and for how much a customer buys compared with the others, each from 1 to 5; `total` is 0
    for who bought nothing of late, else up to 100. Derived by a task, see `operations.score_customers`."""

    pk = models.CompositePrimaryKey("brand_id", "wallet_id")
    brand = BrandKey()
    wallet_id = models.BigIntegerField()
    recency = models.DecimalField(max_digits=4, decimal_places=3)
    frequency = models.DecimalField(max_digits=4, decimal_places=3)
    monetary = models.DecimalField(max_digits=4, decimal_places=3)
    total = models.SmallIntegerField()
    scored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="facts_score_total", condition=Q(total__gte=0, total__lte=100)),
            _wallet_key("facts_score_wallet"),
        ]
