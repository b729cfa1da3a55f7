"""Tables of people and of how they may be reached.

Customer              who holds a card (or a child card), with what hangs on the person: values of the brand's own
                      fields, links to third parties, opt-ins to lists. Guarded by the lock of the card's family
ChannelSubscription   one e-mail address or phone number, whoever holds it; has a lock of its own
"""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractDay, ExtractMonth, Lower

from apps.brands.models import BrandRow
from apps.customers.core.roles import Role
from apps.kernel.db.constraints import BrandForeignKey
from apps.kernel.db.fields import BrandKey
from apps.kernel.db.triggers import fixed_code, never_deleted


@pghistory.track()
class Customer(models.Model):
    """Demographics of a person on a card. Phones are E.164, the country an ISO 3166 code. Empty text: not known.

    `role` says what the person is to the card `card_id` (for people of a child card: its root card), so that a search
    finds cards in their order in one index. `card_id` is a value, not a key: cards know customers.

    Indexes of lower(x) hold x too: PostgreSQL would not answer from them alone otherwise. Three more are written in
    SQL, in the migration `search`: both names as one key, the beginning of the first name, and any part of a name,
    e-mail address or phone.
    """

    id = models.BigIntegerField(primary_key=True)
    brand = BrandKey()
    role = models.SmallIntegerField(default=int(Role.PRIMARY))
    card_id = models.BigIntegerField(null=True, blank=True)
    first_name = models.TextField(default="", blank=True)
    middle_name = models.TextField(default="", blank=True)
    last_name = models.TextField(default="", blank=True)
    email = models.TextField(default="", blank=True)
    phone = models.TextField(default="", blank=True)
    mobile_phone = models.TextField(default="", blank=True)
    mobile_operator_id = models.TextField(default="", blank=True)
    birthday = models.DateField(null=True, blank=True)
    anniversary = models.DateField(null=True, blank=True)
    gender = models.CharField(max_length=1, default="", blank=True)
    address1 = models.TextField(default="", blank=True)
    address2 = models.TextField(default="", blank=True)
    city = models.TextField(default="", blank=True)
    state = models.TextField(default="", blank=True)
    postal = models.TextField(default="", blank=True)
    country = models.TextField(default="", blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                "brand_id",
                "role",
                Lower("email"),
                "card_id",
                name="customers_by_email",
                condition=~Q(email=""),
                include=["email"],
            ),
            models.Index("brand_id", "role", "phone", "card_id", name="customers_by_phone", condition=~Q(phone="")),
            models.Index(
                "brand_id", "role", "mobile_phone", "card_id", name="customers_by_mobile", condition=~Q(mobile_phone="")
            ),
            models.Index(
                "brand_id",
                "role",
                Lower("last_name"),
                "card_id",
                name="customers_by_last_name",
                condition=~Q(last_name=""),
                include=["last_name"],
            ),
            models.Index(
                "brand_id",
                "role",
                Lower("first_name"),
                "card_id",
                name="customers_by_first_name",
                condition=~Q(first_name=""),
                include=["first_name"],
            ),
            models.Index(
                "brand_id",
                "role",
                OpClass(Lower("last_name"), "text_pattern_ops"),
                OpClass(Lower("first_name"), "text_pattern_ops"),
                "card_id",
                name="customers_by_prefixes",
                include=["last_name", "first_name"],
            ),
            models.Index("brand_id", "card_id", name="customers_of_card", condition=Q(card_id__isnull=False)),
            models.Index(
                "brand_id",
                ExtractMonth("birthday") * 100 + ExtractDay("birthday"),
                "card_id",
                name="customers_by_birthday",
                condition=Q(birthday__isnull=False, role=int(Role.PRIMARY)),
                include=["birthday"],
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="customers_customer_key", fields=["brand", "id"]),
            BrandForeignKey(
                name="customers_customer_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]
            ),
        ]


@pghistory.track()
class DemographicField(BrandRow):
    """A field of the brand's own. `code` is the internal field name; `name` what people read."""

    data_type = models.TextField(choices=[(each, each) for each in ("integer", "date", "string", "decimal")])
    is_multiple = models.BooleanField(default=False)
    choices = ArrayField(models.TextField(), default=list, blank=True, help_text="Allowed values; empty: any")

    class Meta:
        triggers = [
            never_deleted(),
            fixed_code(),
            pgtrigger.ReadOnly(name="fixed_type", fields=["data_type", "is_multiple"]),
        ]
        constraints = [
            models.UniqueConstraint(name="customers_field_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="customers_field_code", fields=["brand", "code"]),
            BrandForeignKey(name="customers_field_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]),
        ]


class FieldValue(models.Model):
    """A value of a brand's field on a customer; several where the field is multiple, in the order of `no`.

    `value` is the text form: an integer or decimal without needless zeros, a date as `yyyy-MM-dd`. `role` and
    `card_id` repeat the customer's, for the search.
    """

    pk = models.CompositePrimaryKey("brand_id", "customer_id", "field_id", "no")
    brand = BrandKey()
    customer_id = models.BigIntegerField()
    field_id = models.BigIntegerField()
    no = models.SmallIntegerField()
    value = models.TextField()
    role = models.SmallIntegerField()
    card_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                "brand_id",
                "field_id",
                "role",
                Lower("value"),
                "card_id",
                name="customers_by_field_value",
                include=["value"],
            ),
        ]
        constraints = [
            BrandForeignKey(
                name="customers_fieldvalue_of", columns=["brand_id", "customer_id"], to="customers_customer"
            ),
        ]


class ThirdPartyLink(models.Model):
    """A customer's link to a third party, or (`email`, `phone`) the opt-in to a channel. Null: never said.

    `third_party` is one of `customers.core.third_parties`. `custom_data` is the card's custom data (thirdParty
    `custom`).
    """

    pk = models.CompositePrimaryKey("brand_id", "customer_id", "third_party")
    brand = BrandKey()
    customer_id = models.BigIntegerField()
    third_party = models.TextField()
    opt_in = models.BooleanField(null=True)
    opt_in_confirmed = models.BooleanField(null=True)
    opt_in_confirmation_required = models.BooleanField(null=True)
    username = models.TextField(null=True)
    payload = models.TextField(null=True)
    custom_data = models.TextField(null=True)
    mobile_operator_id = models.TextField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            BrandForeignKey(
                name="customers_thirdpartylink_of", columns=["brand_id", "customer_id"], to="customers_customer"
            ),
        ]


@pghistory.track()
class SubscriptionList(models.Model):
    """A list of a channel that people subscribe to: a category of e-mail or SMS. Clients know `uuid` or `name`."""

    brand = BrandKey()
    uuid = models.UUIDField()
    channel = models.TextField(choices=[("email", "E-mail"), ("phone", "SMS")])
    name = models.TextField()
    is_public = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        triggers = [never_deleted(), pgtrigger.ReadOnly(name="fixed_list", fields=["brand", "uuid", "channel"])]
        constraints = [
            models.UniqueConstraint(name="customers_list_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="customers_list_uuid", fields=["brand", "uuid"]),
            models.UniqueConstraint("brand", "channel", Lower("name"), name="customers_list_name"),
            BrandForeignKey(name="customers_list_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]),
        ]

    def __str__(self) -> str:
        return self.name


class ListOptIn(models.Model):
    """A customer's opt-in to one list of a third party's channel. `source_id` is the client's own reference."""

    pk = models.CompositePrimaryKey("brand_id", "customer_id", "list_id")
    brand = BrandKey()
    customer_id = models.BigIntegerField()
    list_id = models.BigIntegerField()
    opt_in = models.BooleanField()
    is_pending = models.BooleanField(default=False)
    is_confirmed = models.BooleanField(default=False)
    source_id = models.TextField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            BrandForeignKey(
                name="customers_listoptin_of", columns=["brand_id", "customer_id"], to="customers_customer"
            ),
            BrandForeignKey(
                name="customers_listoptin_list", columns=["brand_id", "list_id"], to="customers_subscriptionlist"
            ),
        ]


class ChannelSubscription(models.Model):
    """What the owner of an address allows. `address` is an e-mail address in lower case, or a phone in E.164; of one
    that was erased while it was opted out only a digest (`customers.core.addresses`).

    `key_values` are the brand's own pairs. Of an address without a row nobody has ever said anything.
    """

    id = models.BigAutoField(primary_key=True)
    brand = BrandKey()
    channel = models.TextField()
    address = models.TextField()
    global_opt_in = models.BooleanField()
    transactional_opt_in = models.BooleanField(default=False)
    double_opt_in = models.BooleanField(default=False)
    double_opt_in_confirmed = models.BooleanField(default=False)
    key_values = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="customers_channel_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="customers_channel_address", fields=["brand", "channel", "address"]),
        ]


class ChannelCategory(models.Model):
    """An address's opt-in to one list."""

    pk = models.CompositePrimaryKey("brand_id", "subscription_id", "list_id")
    brand = BrandKey()
    subscription_id = models.BigIntegerField()
    list_id = models.BigIntegerField()
    opt_in = models.BooleanField()

    class Meta:
        constraints = [
            BrandForeignKey(
                name="customers_category_of",
                columns=["brand_id", "subscription_id"],
                to="customers_channelsubscription",
            ),
            BrandForeignKey(
                name="customers_category_list", columns=["brand_id", "list_id"], to="customers_subscriptionlist"
            ),
        ]


@pghistory.track()
class EventType(models.Model):
    """A kind of event that can be logged on cards. Root type CUSTOM for those that brands define."""

    brand = BrandKey()
    root_type = models.TextField(default="CUSTOM")
    category_id = models.TextField()
    specific_id = models.TextField(null=True, blank=True)
    name = models.TextField()
    sentiment = models.SmallIntegerField(default=0)
    group_type = models.TextField(default="OTHER")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()

    class Meta:
        triggers = [
            never_deleted(),
            pgtrigger.ReadOnly(name="fixed_ids", fields=["brand", "root_type", "category_id", "specific_id"]),
        ]
        constraints = [
            models.UniqueConstraint(name="customers_eventtype_key", fields=["brand", "id"]),
            models.UniqueConstraint(
                name="customers_eventtype_ids",
                fields=["brand", "root_type", "category_id", "specific_id"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="customers_eventtype_sentiment", condition=Q(sentiment__range=(-1, 1))),
            BrandForeignKey(
                name="customers_eventtype_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]
            ),
        ]

    def __str__(self) -> str:
        return self.name
