"""Tables of the brand hierarchy. `code` is what the wire calls an id: the brand, location and terminal headers."""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.kernel.db.constraints import BrandForeignKey
from apps.kernel.db.fields import BrandKey, SoftKey
from apps.kernel.db.triggers import fixed_code, never_deleted


def default_features() -> list[str]:
    """Brand features that are on for a new brand."""
    return ["activationDate"]


@pghistory.track(exclude=["created_at"])
class Brand(models.Model):
    """The merchant: highest object of the hierarchy; nothing of it is ever seen by another brand."""

    code = models.TextField(unique=True)
    name = models.TextField()
    country = models.CharField(max_length=2, default="US")
    currency = models.CharField(max_length=3, default="USD")
    timezone = models.TextField(default="UTC")
    api_version = models.SmallIntegerField(default=2)
    features = ArrayField(models.TextField(), default=default_features, blank=True)
    cors_enabled = models.BooleanField(default=True)
    employee_required = models.BooleanField(default=False)
    repeated_allocation_allowed = models.BooleanField(default=False)
    void_takes_what_is_free = models.BooleanField(default=False)
    void_restores_counters = models.BooleanField(
        default=False, help_text="Whether a void gives back throttles and budgets that campaigns used"
    )
    return_takes_back_issued = models.BooleanField(
        default=True, help_text="Whether a return takes back what campaigns issued for the checkout"
    )
    longest_checkout_lock = models.IntegerField(default=3600, help_text="Seconds that a checkout may lock a card")
    hold_lifetime = models.DurationField(null=True, blank=True, help_text="How long a hold lasts; empty: until used")
    search_program_types = ArrayField(
        models.TextField(), default=list, blank=True, help_text="Program types that a search finds unless it says else"
    )
    calls_per_minute = models.IntegerField(null=True, blank=True, help_text="Limit per API key; empty: no limit")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        triggers = [never_deleted(), fixed_code()]
        constraints = [models.CheckConstraint(name="brands_brand_version", condition=models.Q(api_version__in=[1, 2]))]

    def __str__(self) -> str:
        return self.name


class Clock(models.Model):
    """The tiny row that the hot path reads. `config` grows with every published change of configuration."""

    brand = models.OneToOneField(Brand, primary_key=True, on_delete=models.DO_NOTHING, related_name="clock")
    config = models.BigIntegerField(default=1)
    closed_through = models.DateField(default="1900-01-01")

    class Meta:
        triggers = [never_deleted()]


class BrandRow(models.Model):
    """What the rows of the hierarchy below a brand share."""

    brand = BrandKey()
    code = models.TextField()
    name = models.TextField()
    is_active = models.BooleanField(default=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class LocationGroup(BrandRow):
    """A subdivision of the brand, for reports and for restricted logins."""

    class Meta:
        triggers = [never_deleted(), fixed_code()]
        constraints = [
            models.UniqueConstraint(name="brands_locationgroup_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="brands_locationgroup_code", fields=["brand", "code"]),
            BrandForeignKey(
                name="brands_locationgroup_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]
            ),
        ]


@pghistory.track()
class Location(BrandRow):
    """A store, a web shop, or any other place where customers meet a till. Empty fields fall back to the brand's."""

    group = SoftKey(LocationGroup)
    country = models.CharField(max_length=2, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    timezone = models.TextField(blank=True)

    class Meta:
        triggers = [never_deleted(), fixed_code()]
        constraints = [
            models.UniqueConstraint(name="brands_location_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="brands_location_code", fields=["brand", "code"]),
            BrandForeignKey(name="brands_location_group", columns=["brand_id", "group_id"], to="brands_locationgroup"),
        ]


@pghistory.track()
class Terminal(BrandRow):
    """A point-of-sale device; tied to one location."""

    location = SoftKey(Location)

    class Meta:
        triggers = [never_deleted(), fixed_code()]
        constraints = [
            models.UniqueConstraint(name="brands_terminal_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="brands_terminal_code", fields=["brand", "location", "code"]),
            BrandForeignKey(name="brands_terminal_location", columns=["brand_id", "location_id"], to="brands_location"),
        ]


@pghistory.track(exclude=["secret_digest"])
class Employee(BrandRow):
    """Somebody who works at one location. The password is 256-bit-keyed HMAC: it is checked with every call."""

    location = SoftKey(Location)
    secret_digest = models.BinaryField(null=True)

    class Meta:
        triggers = [never_deleted(), fixed_code()]
        constraints = [
            models.UniqueConstraint(name="brands_employee_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="brands_employee_code", fields=["brand", "location", "code"]),
            BrandForeignKey(name="brands_employee_location", columns=["brand_id", "location_id"], to="brands_location"),
        ]


@pghistory.track(exclude=["secret_digest", "last_used_at"])
class ApiCredential(models.Model):
    """An API key. Only a peppered HMAC-SHA-256 of its 256-bit random secret is kept.

    `methods` and `location_codes` are scopes; empty means all. `last_used_at` is derived by a task, never by a call.
    """

    brand = BrandKey()
    key = models.TextField(unique=True)
    secret_digest = models.BinaryField()
    name = models.TextField()
    methods = ArrayField(models.TextField(), default=list, blank=True)
    location_codes = ArrayField(models.TextField(), default=list, blank=True)
    created_at = models.DateTimeField()
    created_by = models.TextField(blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers = [never_deleted(), pgtrigger.ReadOnly(name="fixed_key", fields=["brand", "key", "secret_digest"])]
        constraints = [
            models.UniqueConstraint(name="brands_apicredential_key", fields=["brand", "id"]),
            BrandForeignKey(
                name="brands_apicredential_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]
            ),
        ]

    def __str__(self) -> str:
        return self.name
