"""Tables of what is sold. Prices and costs are in the brand's currency."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from apps.brands.models import BrandRow
from apps.kernel.db.constraints import BrandForeignKey
from apps.kernel.db.fields import AmountField, BrandKey, SoftKey
from apps.kernel.db.triggers import fixed_code, never_deleted


@pghistory.track()
class Category(BrandRow):
    """A category of products; categories form a tree."""

    parent = SoftKey("self", null=True, blank=True)

    class Meta:
        triggers = [never_deleted(), fixed_code()]
        constraints = [
            models.UniqueConstraint(name="catalog_category_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="catalog_category_code", fields=["brand", "code"]),
            BrandForeignKey(name="catalog_category_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]),
            BrandForeignKey(name="catalog_category_parent", columns=["brand_id", "parent_id"], to="catalog_category"),
        ]


@pghistory.track()
class Product(models.Model):
    """A product, known by its SKU. Checkouts need no product: a line keeps the SKU as the till sent it."""

    brand = BrandKey()
    sku = models.TextField()
    name = models.TextField(blank=True)
    category = SoftKey(Category, null=True, blank=True)
    price = AmountField(null=True, blank=True)
    cost = AmountField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        triggers = [never_deleted(), pgtrigger.ReadOnly(name="fixed_sku", fields=["brand", "sku"])]
        constraints = [
            models.UniqueConstraint(name="catalog_product_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="catalog_product_sku", fields=["brand", "sku"]),
            models.CheckConstraint(
                name="catalog_product_amounts",
                condition=(Q(price__isnull=True) | Q(price__gte=0)) & (Q(cost__isnull=True) | Q(cost__gte=0)),
            ),
            BrandForeignKey(name="catalog_product_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]),
            BrandForeignKey(
                name="catalog_product_category", columns=["brand_id", "category_id"], to="catalog_category"
            ),
        ]

    def __str__(self) -> str:
        return self.sku


class ProductTag(models.Model):
    """A tag on a product."""

    pk = models.CompositePrimaryKey("brand_id", "product_id", "tag")
    brand = BrandKey()
    product_id = models.BigIntegerField()
    tag = models.TextField()

    class Meta:
        indexes = [models.Index("brand_id", "tag", "product_id", name="catalog_producttag_tag")]
        constraints = [
            BrandForeignKey(name="catalog_producttag_of", columns=["brand_id", "product_id"], to="catalog_product"),
        ]
