"""Tables of coupons. A coupon's row is its lock; codes are unique in the brand."""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from apps.brands.models import BrandRow
from apps.coupons.core.states import CouponState
from apps.kernel.db.constraints import BrandForeignKey
from apps.kernel.db.fields import BrandKey
from apps.kernel.db.triggers import append_only, fixed_code, never_deleted


@pghistory.track()
class CouponSet(BrandRow):
    """A group of coupons. `pattern` makes codes (empty: codes were loaded). A coupon allocated without a date expires
    at `expires_at`, or `lifetime_days` days after its allocation, at the end of the brand's day; both empty: never.

    `limit_per_card`: how many coupons of the set one card may be given; empty: any number.
    """

    pattern = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    lifetime_days = models.IntegerField(null=True, blank=True)
    limit_per_card = models.IntegerField(null=True, blank=True)

    class Meta:
        triggers = [never_deleted(), fixed_code()]
        constraints = [
            models.UniqueConstraint(name="coupons_set_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="coupons_set_code", fields=["brand", "code"]),
            models.CheckConstraint(
                name="coupons_set_expiry", condition=Q(expires_at__isnull=True) | Q(lifetime_days__isnull=True)
            ),
            models.CheckConstraint(
                name="coupons_set_limits",
                condition=(Q(lifetime_days__isnull=True) | Q(lifetime_days__gt=0))
                & (Q(limit_per_card__isnull=True) | Q(limit_per_card__gt=0)),
            ),
            BrandForeignKey(name="coupons_set_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]),
        ]


class Coupon(models.Model):
    """A one-time code. `code` is the wire's couponId; `shuffle` a random number by which one is drawn from the set.

    `wallet_id` is the card that it was given to (which does not restrict its use), `allowed_cards` the card numbers
    that may use it (empty: any). Operations say by whom. `reserved_by` is set when a checkout's lock reserved it.
    """

    id = models.BigAutoField(primary_key=True)
    brand = BrandKey()
    set_id = models.BigIntegerField()
    code = models.TextField()
    state = models.SmallIntegerField(default=int(CouponState.FREE))
    shuffle = models.BigIntegerField()
    tags = ArrayField(models.TextField(), default=list)
    allowed_cards = ArrayField(models.TextField(), default=list)
    wallet_id = models.BigIntegerField(null=True)
    promotion_id = models.TextField(null=True)
    expires_at = models.DateTimeField(null=True)
    allocated_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    used_by = models.UUIDField(null=True)
    reserved_until = models.DateTimeField(null=True)
    reserved_by = models.UUIDField(null=True)
    last_step = models.IntegerField(default=0)

    class Meta:
        triggers = [never_deleted(), pgtrigger.ReadOnly(name="fixed_coupon", fields=["brand", "set_id", "code"])]
        indexes = [
            models.Index(
                "brand_id",
                "set_id",
                Coalesce("expires_at", Value("infinity", output_field=models.TextField())),
                "shuffle",
                name="coupons_coupon_fresh",
                condition=Q(state=int(CouponState.FREE)),
            ),
            models.Index(
                "brand_id", "wallet_id", "id", name="coupons_coupon_wallet", condition=Q(wallet_id__isnull=False)
            ),
            GinIndex(fields=["allowed_cards"], name="coupons_coupon_allowed", condition=~Q(allowed_cards=[])),
        ]
        constraints = [
            models.UniqueConstraint(name="coupons_coupon_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="coupons_coupon_code", fields=["brand", "code"]),
            models.CheckConstraint(
                name="coupons_coupon_states",
                condition=(Q(state=int(CouponState.FREE)) | Q(allocated_at__isnull=False))
                & (~Q(state=int(CouponState.USED)) | Q(used_at__isnull=False))
                & (~Q(state=int(CouponState.RESERVED)) | Q(reserved_until__isnull=False)),
            ),
            BrandForeignKey(name="coupons_coupon_set", columns=["brand_id", "set_id"], to="coupons_couponset"),
            BrandForeignKey(name="coupons_coupon_given", columns=["brand_id", "wallet_id"], to="ledger_wallet"),
        ]

    def __str__(self) -> str:
        return self.code


class CouponStep(models.Model):
    """What became of a coupon, step by step: which operation did what, and the state afterwards."""

    pk = models.CompositePrimaryKey("brand_id", "coupon_id", "no")
    brand = BrandKey()
    coupon_id = models.BigIntegerField()
    no = models.IntegerField()
    operation_id = models.UUIDField()
    action = models.TextField()
    state = models.SmallIntegerField()

    class Meta:
        triggers = [append_only()]
        indexes = [models.Index("brand_id", "operation_id", name="coupons_step_operation")]
        constraints = [
            BrandForeignKey(name="coupons_step_of", columns=["brand_id", "coupon_id"], to="coupons_coupon"),
            BrandForeignKey(name="coupons_step_by", columns=["brand_id", "operation_id"], to="requestlog_operation"),
        ]
