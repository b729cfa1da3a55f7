"""Products: what is known about what is sold."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from django.db import ProgrammingError

from apps.catalog.core.products import InvalidProduct
from apps.catalog.models import Product, ProductTag
from apps.catalog.operations.create_category import create_category
from apps.catalog.operations.save_product import ProductFields, save_product
from apps.catalog.operations.set_tags import set_tags
from apps.catalog.queries.find_category import UnknownCategory
from tests.shop import Shop


def save(shop: Shop, sku: str, **fields: Any) -> Product:
    return save_product(brand=shop.brand, sku=sku, fields=ProductFields(**fields))


def tags(product: Product) -> Iterable[str]:
    return sorted(ProductTag.objects.filter(brand=product.brand, product_id=product.pk).values_list("tag", flat=True))


def test_a_product_has_name_category_price_cost_and_tags(acme: Shop) -> None:
    create_category(brand=acme.brand, code="dairy", name="Dairy")
    save(
        acme, "milk", name="Milk", category_code="dairy", price=Decimal("1.29"), cost=Decimal("0.80"), tags=["organic"]
    )
    found = Product.objects.select_related("category").get(brand=acme.brand, sku="milk")
    assert (found.name, found.category.code, found.price, found.cost) == (
        "Milk",
        "dairy",
        Decimal("1.29"),
        Decimal("0.8"),
    )
    assert found.is_active
    assert tags(found) == ["organic"]


def test_a_second_save_changes_only_what_it_names(acme: Shop) -> None:
    first = save(acme, "milk", name="Milk", price=Decimal(1), tags=["organic"])
    second = save(acme, "milk", price=Decimal(2), is_active=False)
    found = Product.objects.get(brand=acme.brand, sku="milk")
    assert first.pk == second.pk == found.pk
    assert (found.name, found.price, found.is_active, tags(found)) == ("Milk", Decimal(2), False, ["organic"])


def test_an_empty_category_code_takes_it_out_of_its_category(acme: Shop) -> None:
    create_category(brand=acme.brand, code="dairy", name="Dairy")
    save(acme, "milk", category_code="dairy")
    assert save(acme, "milk", category_code="").category is None


def test_tags_are_replaced_trimmed_and_kept_once(acme: Shop) -> None:
    product = save(acme, "milk", tags=["a", "b"])
    assert set_tags(product=product, tags=[" b ", "c", "c"]) == ["b", "c"]
    assert tags(product) == ["b", "c"]
    save(acme, "milk", tags=[])
    assert tags(product) == []


@pytest.mark.parametrize(
    ("sku", "fields", "said"),
    [
        ("", {}, "SKU"),
        ("x" * 256, {}, "SKU"),
        ("milk", {"name": "x" * 201}, "name"),
        ("milk", {"price": Decimal(-1)}, "price must not"),
        ("milk", {"cost": Decimal("-0.01")}, "cost must not"),
        ("milk", {"price": Decimal("0.0000001")}, "decimals"),
        ("milk", {"cost": Decimal("1e15")}, "too large"),
        ("milk", {"tags": [" "]}, "tag"),
        ("milk", {"tags": ["x" * 65]}, "tag"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(acme: Shop, sku: str, fields: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidProduct, match=said):
        save(acme, sku, **fields)
    assert not Product.objects.filter(brand=acme.brand).exists()


def test_the_category_of_another_brand_is_unknown(acme: Shop, charlie: Shop) -> None:
    create_category(brand=charlie.brand, code="dairy", name="Dairy")
    with pytest.raises(UnknownCategory):
        save(acme, "milk", category_code="dairy")


def test_brands_have_products_of_their_own(acme: Shop, charlie: Shop) -> None:
    ours, theirs = save(acme, "milk", name="Milk", tags=["a"]), save(charlie, "milk", name="Milch", tags=["b"])
    assert ours.pk != theirs.pk
    assert (tags(ours), tags(theirs)) == (["a"], ["b"])


def test_a_sku_never_changes(acme: Shop) -> None:
    product = save(acme, "milk")
    with pytest.raises(ProgrammingError, match="Cannot update"):
        Product.objects.filter(pk=product.pk).update(sku="other")
