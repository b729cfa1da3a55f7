"""Products as a list: which of them fit, and one page at a time."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from apps.brands.models import Brand
from apps.catalog.core.tree import line_of
from apps.catalog.models import Category, Product, ProductTag

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which products: SKUs that begin with `text` or names that contain it, a category with all below it, a tag."""

    text: str = ""
    category: str = ""
    tag: str = ""
    is_active: bool | None = None


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product with its tags; `category` is the way to its category: `Food / Dairy`."""

    sku: str
    name: str
    category: str
    tags: list[str]
    price: Decimal | None
    cost: Decimal | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class ProductPage:
    """Products by SKU; `after` is where the next page begins, None at the end."""

    rows: list[ProductRow]
    after: str | None


def category_names(*, brand: Brand) -> dict[str, str]:
    """The way to each category by its code, in the order of the ways."""
    found = {each.code: way for each, way in _ways(brand)}
    return dict(sorted(found.items(), key=lambda item: item[1].casefold()))


def product_page(*, brand: Brand, wanted: Wanted, size: int, after: str = "") -> ProductPage:
    """The first `size` products that fit and whose SKU sorts behind `after`."""
    found = list(_fitting(brand, wanted).filter(sku__gt=after).order_by("sku")[: size + 1])
    products = found[:size]
    ways = {each.pk: way for each, way in _ways(brand)}
    tags = _tags(brand, products)
    rows = [
        ProductRow(
            sku=each.sku,
            name=each.name,
            category=ways[each.category_id] if each.category_id else "",
            tags=tags[each.pk],
            price=each.price,
            cost=each.cost,
            is_active=each.is_active,
        )
        for each in products
    ]
    return ProductPage(rows, products[-1].sku if len(found) > size else None)


def all_products(*, brand: Brand, wanted: Wanted) -> Iterator[ProductRow]:
    """All that fit, read batch by batch."""
    after: str | None = ""
    while after is not None:
        page = product_page(brand=brand, wanted=wanted, size=BATCH, after=after)
        yield from page.rows
        after = page.after


def _fitting(brand: Brand, wanted: Wanted) -> "QuerySet[Product]":
    products = Product.objects.filter(brand=brand)
    if wanted.text:
        products = products.filter(Q(sku__startswith=wanted.text) | Q(name__icontains=wanted.text))
    if wanted.category:
        products = products.filter(category_id__in=_with_all_below(brand, wanted.category))
    if wanted.tag:
        tagged = ProductTag.objects.filter(brand=brand, tag=wanted.tag).values("product_id")
        products = products.filter(pk__in=tagged)
    if wanted.is_active is not None:
        products = products.filter(is_active=wanted.is_active)
    return products


def _ways(brand: Brand) -> Iterator[tuple[Category, str]]:
    categories = {each.pk: each for each in Category.objects.filter(brand=brand)}
    parents = {pk: each.parent_id for pk, each in categories.items()}
    for pk, each in categories.items():
        yield each, " / ".join(categories[above].name for above in reversed(line_of(pk, parents)))


def _with_all_below(brand: Brand, code: str) -> list[int]:
    rows = Category.objects.filter(brand=brand).values_list("id", "code", "parent_id")
    parents = {pk: parent for pk, _, parent in rows}
    wanted = {pk for pk, each, _ in rows if each == code}
    return [pk for pk in parents if wanted.intersection(line_of(pk, parents))]


def _tags(brand: Brand, products: list[Product]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = defaultdict(list)
    ids = [each.pk for each in products]
    for each in ProductTag.objects.filter(brand=brand, product_id__in=ids).order_by("tag"):
        tags[each.product_id].append(each.tag)
    return tags
