"""Tables of people. A card points to its customer; the row is guarded by the lock of the card's family."""

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from apps.kernel.db.constraints import BrandForeignKey
from apps.kernel.db.fields import BrandKey


@pghistory.track()
class Customer(models.Model):
    """Demographics of a card's holder. Phones are E.164, the country an ISO 3166 code. Empty text: not known."""

    id = models.BigIntegerField(primary_key=True)
    brand = BrandKey()
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
            models.Index("brand_id", Lower("email"), name="customers_customer_email", condition=~Q(email="")),
            models.Index(
                "brand_id",
                Lower("last_name"),
                Lower("first_name"),
                name="customers_customer_names",
                condition=~Q(last_name=""),
            ),
            models.Index(
                "brand_id", Lower("first_name"), name="customers_customer_first_name", condition=~Q(first_name="")
            ),
            models.Index("brand_id", "phone", name="customers_customer_phone", condition=~Q(phone="")),
            models.Index("brand_id", "mobile_phone", name="customers_customer_mobile", condition=~Q(mobile_phone="")),
        ]
        constraints = [
            models.UniqueConstraint(name="customers_customer_key", fields=["brand", "id"]),
            BrandForeignKey(
                name="customers_customer_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]
            ),
        ]
