"""Tables of what was bought. Money columns are in `currency`; quantities are amounts, not counts."""

from django.db import models
from django.db.models import F, Q

from apps.kernel.db.constraints import BrandForeignKey
from apps.kernel.db.fields import AmountField, BrandKey


class Checkout(models.Model):
    """A completed checkout. `total` is before any discount, `pre_discount` was given outside of campaigns, `discount`
    by campaigns, `paid_as_discount` by payments that count as one. `happened_at` is the till's own moment.
    `key_values` are pairs of texts; `setup_operation_id` is the locking setup that it completed."""

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
    key_values = models.JSONField(null=True)
    referring_card = models.TextField(null=True)
    setup_operation_id = models.UUIDField(null=True)

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


class Setup(models.Model):
    """A locking setup: what it showed, as data. `ended_by` is the operation that completed, cancelled or released it;
    one that is over by itself stays without, until somebody tidies up. `wallet_id` is the child card's or the root's.
    """

    pk = models.CompositePrimaryKey("brand_id", "operation_id")
    brand = BrandKey()
    operation_id = models.UUIDField()
    family_id = models.BigIntegerField()
    wallet_id = models.BigIntegerField()
    until = models.DateTimeField()
    plan = models.BinaryField()
    ended_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index("brand_id", "family_id", name="checkouts_setup_open", condition=Q(ended_by__isnull=True)),
            models.Index("until", name="checkouts_setup_due", condition=Q(ended_by__isnull=True)),
            models.Index("brand_id", "ended_by", name="checkouts_setup_ended", condition=Q(ended_by__isnull=False)),
        ]
        constraints = [
            BrandForeignKey(
                name="checkouts_setup_operation", columns=["brand_id", "operation_id"], to="requestlog_operation"
            ),
            BrandForeignKey(name="checkouts_setup_by", columns=["brand_id", "ended_by"], to="requestlog_operation"),
            BrandForeignKey(name="checkouts_setup_family", columns=["brand_id", "family_id"], to="ledger_wallet"),
            BrandForeignKey(name="checkouts_setup_own", columns=["brand_id", "wallet_id"], to="ledger_wallet"),
        ]


class Return(models.Model):
    """Goods that came back, `total` of them in `currency`. `checkout_operation_id` is the checkout they were bought in,
    where it is known; `reversed_payments` once its payments were given back with this return. `may_exceed`: the call
    allowed more than was left of the checkout.

    `shortfall` is what could not be taken back of what the checkout had issued, a JSON object of value type id to
    amount, both as texts.
    """

    pk = models.CompositePrimaryKey("brand_id", "operation_id")
    brand = BrandKey()
    operation_id = models.UUIDField()
    checkout_operation_id = models.UUIDField(null=True)
    wallet_id = models.BigIntegerField(null=True)
    location_id = models.BigIntegerField(null=True)
    currency = models.TextField()
    total = AmountField()
    reversed_payments = models.BooleanField(default=False)
    may_exceed = models.BooleanField(default=False)
    shortfall = models.JSONField(null=True)
    happened_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                "brand_id",
                "checkout_operation_id",
                name="checkouts_return_checkout",
                condition=Q(checkout_operation_id__isnull=False),
            ),
            models.Index(
                "brand_id",
                "wallet_id",
                models.F("happened_at").desc(),
                name="checkouts_return_wallet",
                condition=Q(wallet_id__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(name="checkouts_return_total", condition=Q(total__gte=0)),
            BrandForeignKey(
                name="checkouts_return_operation", columns=["brand_id", "operation_id"], to="requestlog_operation"
            ),
            BrandForeignKey(
                name="checkouts_return_of",
                columns=["brand_id", "checkout_operation_id"],
                to="checkouts_checkout",
                to_columns=["brand_id", "operation_id"],
            ),
            BrandForeignKey(name="checkouts_return_own", columns=["brand_id", "wallet_id"], to="ledger_wallet"),
        ]


class ReturnLine(models.Model):
    """One product of a return; `unit_price` is what counts for it."""

    pk = models.CompositePrimaryKey("brand_id", "operation_id", "no")
    brand = BrandKey()
    operation_id = models.UUIDField()
    no = models.SmallIntegerField()
    sku = models.TextField()
    quantity = AmountField()
    unit_price = AmountField()
    unit_cost = AmountField(null=True)

    class Meta:
        constraints = [
            BrandForeignKey(
                name="checkouts_returnline_return",
                columns=["brand_id", "operation_id"],
                to="checkouts_return",
                to_columns=["brand_id", "operation_id"],
            ),
        ]
