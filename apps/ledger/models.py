"""Value. Wallets are locked, lots say what is there now, entries say for ever how it came and went.

Foreign keys on these tables lead only to rows of the same family or operation; the few shared parents (brand, location,
program, card set, value type) are never deleted and `verify_ledger` looks for orphans.
"""

from django.db import models
from django.db.models import F, Q

from apps.kernel.db.constraints import BrandForeignKey
from apps.kernel.db.fields import AmountField, BrandKey
from apps.kernel.db.triggers import append_only, never_deleted


class Wallet(models.Model):
    """The value of one card. The root card's wallet row is the mutex of the whole family.

    `last_seq`, `last_lot`, `last_at` are the counters from which numbers are given under the lock. Program, card set
    and owning location are stamped on every entry.
    """

    pk = models.CompositePrimaryKey("brand_id", "id")
    brand = BrandKey()
    id = models.BigIntegerField()
    root_id = models.BigIntegerField(null=True)
    program_id = models.BigIntegerField()
    card_set_id = models.BigIntegerField()
    owner_location_id = models.BigIntegerField()
    is_demo = models.BooleanField(default=False)
    last_seq = models.BigIntegerField(default=0)
    last_lot = models.IntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        triggers = [never_deleted()]
        indexes = [
            models.Index("brand_id", "root_id", name="ledger_wallet_children", condition=Q(root_id__isnull=False))
        ]
        constraints = [
            BrandForeignKey(name="ledger_wallet_root", columns=["brand_id", "root_id"], to="ledger_wallet"),
        ]


class Lot(models.Model):
    """Value of one kind in a wallet: value type, return flag, expiry, activation, hold. At most one open lot a kind.

    `hold_id` names the operation that holds the value, `hold_until` when the hold ends by itself. `open` is a column of
    its own so that changing `remaining` stays a heap-only update.
    """

    pk = models.CompositePrimaryKey("brand_id", "wallet_id", "no")
    brand = BrandKey()
    wallet_id = models.BigIntegerField()
    no = models.IntegerField()
    value_type_id = models.BigIntegerField()
    return_related = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True)
    active_at = models.DateTimeField(null=True)
    hold_id = models.UUIDField(null=True)
    hold_until = models.DateTimeField(null=True)
    remaining = AmountField()
    open = models.GeneratedField(
        expression=Q(remaining__gt=0),  # type: ignore[arg-type]  # a condition is an expression to Django
        output_field=models.BooleanField(),
        db_persist=True,
        editable=False,
    )

    class Meta:
        triggers = [never_deleted()]
        indexes = [
            models.Index(
                "brand_id",
                "expires_at",
                name="ledger_lot_due",
                condition=Q(open=True, expires_at__isnull=False, hold_id__isnull=True),
            ),
            models.Index(
                "brand_id", "hold_until", name="ledger_lot_hold_due", condition=Q(open=True, hold_until__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="ledger_lot_kind",
                fields=["brand", "wallet_id", "value_type_id", "return_related", "expires_at", "active_at", "hold_id"],
                condition=Q(open=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="ledger_lot_not_negative", condition=Q(remaining__gte=0)),
            models.CheckConstraint(name="ledger_lot_active_first", condition=Q(active_at__lt=F("expires_at"))),
            models.CheckConstraint(
                name="ledger_lot_until_of_hold", condition=Q(hold_until__isnull=True) | Q(hold_id__isnull=False)
            ),
            BrandForeignKey(name="ledger_lot_wallet", columns=["brand_id", "wallet_id"], to="ledger_wallet"),
        ]


class Entry(models.Model):
    """One movement of one lot. Never changed, never deleted.

    Three times: `occurred_at` (never runs back within a wallet), `recorded_at` (the clock when it was written) and
    `booked_on` (the brand's day in the books). Entries of one line on the wire share `mutation_no`.
    """

    pk = models.CompositePrimaryKey("brand_id", "wallet_id", "seq")
    brand = BrandKey()
    wallet_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    operation_id = models.UUIDField()
    lot_no = models.IntegerField()
    value_type_id = models.BigIntegerField()
    hold_id = models.UUIDField(null=True)
    kind = models.SmallIntegerField(help_text="See `ledger.core.kinds`")
    amount = AmountField()
    lot_after = AmountField()
    balance_after = AmountField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    booked_on = models.DateField()
    program_id = models.BigIntegerField()
    card_set_id = models.BigIntegerField()
    owner_location_id = models.BigIntegerField()
    is_demo = models.BooleanField()
    location_id = models.BigIntegerField(null=True)
    mutation_no = models.SmallIntegerField()
    revision_id = models.BigIntegerField(null=True)
    cause = models.UUIDField(null=True)
    reverses_seq = models.BigIntegerField(null=True)

    class Meta:
        triggers = [append_only()]
        indexes = [
            models.Index("brand_id", "operation_id", name="ledger_entry_operation"),
            models.Index("brand_id", "recorded_at", name="ledger_entry_recorded"),
        ]
        constraints = [
            models.CheckConstraint(name="ledger_entry_seq", condition=Q(seq__gt=0)),
            models.CheckConstraint(name="ledger_entry_kind", condition=Q(kind__range=(1, 12))),
            models.CheckConstraint(name="ledger_entry_moves", condition=~Q(amount=0)),
            models.CheckConstraint(name="ledger_entry_lot_after", condition=Q(lot_after__gte=0)),
            models.CheckConstraint(name="ledger_entry_balance_after", condition=Q(balance_after__gte=0)),
            models.CheckConstraint(name="ledger_entry_reverses_earlier", condition=Q(reverses_seq__lt=F("seq"))),
            models.CheckConstraint(
                name="ledger_entry_void_reverses", condition=~Q(kind=10) | Q(reverses_seq__isnull=False)
            ),
            BrandForeignKey(
                name="ledger_entry_lot",
                columns=["brand_id", "wallet_id", "lot_no"],
                to="ledger_lot",
                to_columns=["brand_id", "wallet_id", "no"],
            ),
            BrandForeignKey(
                name="ledger_entry_operation_key", columns=["brand_id", "operation_id"], to="requestlog_operation"
            ),
            BrandForeignKey(
                name="ledger_entry_reverses",
                columns=["brand_id", "wallet_id", "reverses_seq"],
                to="ledger_entry",
                to_columns=["brand_id", "wallet_id", "seq"],
            ),
        ]


class Void(models.Model):
    """An operation that was voided, and by which. Its primary key makes a second void impossible.

    `shortfall` is what could not be taken back under the brand's setting, a JSON object of value type id
    to amount, both as texts.
    """

    pk = models.CompositePrimaryKey("brand_id", "operation_id")
    brand = BrandKey()
    operation_id = models.UUIDField()
    by_operation_id = models.UUIDField()
    shortfall = models.JSONField(null=True)

    class Meta:
        triggers = [append_only()]
        indexes = [models.Index("brand_id", "by_operation_id", name="ledger_void_by")]
        constraints = [
            BrandForeignKey(
                name="ledger_void_operation", columns=["brand_id", "operation_id"], to="requestlog_operation"
            ),
            BrandForeignKey(
                name="ledger_void_by_operation", columns=["brand_id", "by_operation_id"], to="requestlog_operation"
            ),
        ]


class Conversion(models.Model):
    """What a client asked for in another currency, beside the entry's mutation that took it in the card's own.

    `amount` in `currency` times `rate` is what was moved, half-up to the value type's scale. `rate_id` names the row of
    the brand's rate table.
    """

    pk = models.CompositePrimaryKey("brand_id", "operation_id", "mutation_no")
    brand = BrandKey()
    operation_id = models.UUIDField()
    mutation_no = models.SmallIntegerField()
    wallet_id = models.BigIntegerField()
    value_type_id = models.BigIntegerField()
    currency = models.TextField()
    amount = AmountField()
    converted = AmountField()
    rate = models.DecimalField(max_digits=24, decimal_places=12)
    rate_id = models.BigIntegerField()

    class Meta:
        triggers = [append_only()]
        constraints = [
            BrandForeignKey(
                name="ledger_conversion_operation", columns=["brand_id", "operation_id"], to="requestlog_operation"
            ),
            BrandForeignKey(name="ledger_conversion_wallet", columns=["brand_id", "wallet_id"], to="ledger_wallet"),
        ]
