"""Create or change many products at once, as an import does."""

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction

from apps.brands.models import Brand
from apps.catalog.core.products import check_money, check_product_name, check_sku, clean_tags
from apps.catalog.models import Category, Product, ProductTag
from apps.catalog.operations.save_product import ProductFields
from apps.catalog.queries.find_category import UnknownCategory

_PLAIN = ("name", "price", "cost", "is_active")


def save_products(*, brand: Brand, products: Sequence[tuple[str, ProductFields]]) -> None:
    """What `save_product` does, for pairs of SKU and fields, in their order and a handful of statements.

    All or nothing: refuses (9) as `save_product` does.
    """
    for sku, fields in products:
        _check(sku, fields)
    with transaction.atomic():
        codes = {fields.category_code for _, fields in products if fields.category_code}
        categories = dict(Category.objects.filter(brand=brand, code__in=codes).values_list("code", "id"))
        rows = Product.objects.select_for_update().filter(brand=brand, sku__in=[sku for sku, _ in products])
        known = {row.sku: row for row in rows.order_by("id")}
        saved = dict(known)
        for sku, fields in products:
            product = saved.setdefault(sku, Product(brand=brand, sku=sku))
            _change(product, fields, categories)
        Product.objects.bulk_create([product for sku, product in saved.items() if sku not in known])
        Product.objects.bulk_update(known.values(), [*_PLAIN, "category"])
        _set_tags(brand, {saved[sku].pk: fields.tags for sku, fields in products if fields.tags is not None})


def _check(sku: str, fields: ProductFields) -> None:
    check_sku(sku)
    check_product_name(fields.name or "")
    for name, amount in (("price", fields.price), ("cost", fields.cost)):
        if amount is not None:
            check_money(amount, name)


def _change(product: Product, fields: ProductFields, categories: Mapping[str, int]) -> None:
    for name in _PLAIN:
        if (value := getattr(fields, name)) is not None:
            setattr(product, name, value)
    if fields.category_code is not None:
        if fields.category_code and fields.category_code not in categories:
            raise UnknownCategory(f"There is no category {fields.category_code!r}.")
        product.category_id = categories.get(fields.category_code)


def _set_tags(brand: Brand, wanted: Mapping[int, Collection[str]]) -> None:
    tags = [ProductTag(brand=brand, product_id=pk, tag=tag) for pk, each in wanted.items() for tag in clean_tags(each)]
    ProductTag.objects.filter(brand=brand, product_id__in=wanted).delete()
    ProductTag.objects.bulk_create(tags)
