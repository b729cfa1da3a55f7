"""Create a product, or change what is known about it."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.brands.models import Brand
from apps.brands.operations.insert_row import insert_row
from apps.catalog.core.products import check_money, check_product_name, check_sku
from apps.catalog.models import Product
from apps.catalog.operations.set_tags import set_tags
from apps.catalog.queries.find_category import find_category


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFields:
    """What to write; None leaves a field as it is. An empty category code takes the product out of its category.

    `price` and `cost` are in the brand's currency; `tags` are all tags that the product has afterwards.
    """

    name: str | None = None
    category_code: str | None = None
    price: Decimal | None = None
    cost: Decimal | None = None
    is_active: bool | None = None
    tags: Collection[str] | None = None


def save_product(*, brand: Brand, sku: str, fields: ProductFields) -> Product:
    """Write the given fields of the brand's product, which is created if there is none with this SKU.

    Refuses (9) SKUs, names, tags and amounts that cannot be used, and unknown categories.
    """
    check_sku(sku)
    changes = _changes(brand, fields)
    with transaction.atomic():
        product = Product.objects.select_for_update().filter(brand=brand, sku=sku).first()
        if product is None:
            row = Product(brand=brand, sku=sku, **changes)
            product = insert_row(row=row, duplicate=f"The product {sku!r} was made by somebody else just now.")
        elif changes:
            for name, value in changes.items():
                setattr(product, name, value)
            product.save(update_fields=list(changes))
        if fields.tags is not None:
            set_tags(product=product, tags=fields.tags)
    return product


def _changes(brand: Brand, fields: ProductFields) -> dict[str, Any]:
    if fields.name is not None:
        check_product_name(fields.name)
    if fields.price is not None:
        check_money(fields.price, "price")
    if fields.cost is not None:
        check_money(fields.cost, "cost")
    plain = {"name": fields.name, "price": fields.price, "cost": fields.cost, "is_active": fields.is_active}
    changes: dict[str, Any] = {name: value for name, value in plain.items() if value is not None}
    if fields.category_code is not None:
        code = fields.category_code
        changes["category"] = find_category(brand=brand, code=code) if code else None
    return changes
