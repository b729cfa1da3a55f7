"""Tables of what was bought. Money columns are in `currency`; quantities are amounts, not counts."""

from django.db import models
from django.db.models import F, Q

from apps.kernel.db.constraints import BrandForeignKey
from apps.kernel.db.fields import AmountField, BrandKey


class Checkout(models.Model):
    """A completed checkout. `total` is before any discount, `pre_discount` was given outside of campaigns, `discount`
    by campaigns, `paid_as_discount` by payments that count as one. `happened_at` is the till's own moment."""

    pk = models.CompositePrimaryKey("brand_id", "operation_id")
    brand = BrandKey()
    operation_id = models.UUIDField()
    wallet_id = models.BigIntegerField(null=True)
    location_id = models.BigIntegerField(null=True)
    currency = models.TextField()
    total = AmountField()
    pre_discount = AmountField()
    discount = AmountField()
    paid_as_discount = AmountField()
    happened_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                "brand_id",
                "wallet_id",
                models.F("happened_at").desc(),
                name="checkouts_checkout_wallet",
                condition=Q(wallet_id__isnull=False),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="checkouts_checkout_amounts",
                condition=Q(total__gte=0, pre_discount__gte=0, discount__gte=0, pre_discount__lte=F("total")),
            ),
            BrandForeignKey(
                name="checkouts_checkout_operation", columns=["brand_id", "operation_id"], to="requestlog_operation"
            ),
            BrandForeignKey(name="checkouts_checkout_own", columns=["brand_id", "wallet_id"], to="ledger_wallet"),
        ]


class Line(models.Model):
    """One product of a checkout as the till sent it."""

    pk = models.CompositePrimaryKey("brand_id", "operation_id", "no")
    brand = BrandKey()
    operation_id = models.UUIDField()
    no = models.SmallIntegerField()
    sku = models.TextField()
    quantity = AmountField()
    unit_price = AmountField()
    unit_cost = AmountField(null=True)

    class Meta:
        indexes = [models.Index("brand_id", "sku", name="checkouts_line_sku")]
        constraints = [
            BrandForeignKey(
                name="checkouts_line_checkout",
                columns=["brand_id", "operation_id"],
                to="checkouts_checkout",
                to_columns=["brand_id", "operation_id"],
            ),
        ]


class Payment(models.Model):
    """How a checkout was paid. `amount` is in the paying balance, `pays` is what it covers of the checkout.

    `balance_type` and `balance_code` are set when balance of the card paid; `paid_by_operation_id` when it refers to an
    updateBalance call, which can pay for one checkout only; `released` once the checkout is voided.
    """

    pk = models.CompositePrimaryKey("brand_id", "operation_id", "no")
    brand = BrandKey()
    operation_id = models.UUIDField()
    no = models.SmallIntegerField()
    payment_type = models.TextField()
    amount = AmountField()
    pays = AmountField()
    counts_as_discount = models.BooleanField(default=False)
    redeems = models.BooleanField(default=False)
    balance_type = models.TextField(null=True)
    balance_code = models.TextField(null=True)
    paid_by_operation_id = models.UUIDField(null=True)
    released = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="checkouts_payment_once",
                fields=["brand", "paid_by_operation_id"],
                condition=Q(paid_by_operation_id__isnull=False, released=False),
            ),
            BrandForeignKey(
                name="checkouts_payment_checkout",
                columns=["brand_id", "operation_id"],
                to="checkouts_checkout",
                to_columns=["brand_id", "operation_id"],
            ),
            BrandForeignKey(
                name="checkouts_payment_paid_by",
                columns=["brand_id", "paid_by_operation_id"],
                to="requestlog_operation",
            ),
        ]
