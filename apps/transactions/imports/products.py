"""Import of the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from apps.brands.models import Brand
from apps.catalog.core.products import check_product_name, check_sku, clean_tags
from apps.catalog.models import Product
from apps.catalog.operations.category_at_path import category_at_path, names_of_path
from apps.catalog.operations.save_product import ProductFields
from apps.catalog.operations.save_products import save_products
from apps.jobs.core.batch import Batch, Faults
from apps.jobs.core.figures import Figures
from apps.jobs.core.header import Columns
from apps.jobs.core.rows import Row
from apps.kernel.db.hot import Cursor
from apps.transactions.imports.cells import CLEAR, Cells, amount_of, flag_of, places_of
from apps.transactions.imports.setting import Setting

GROUP = "products"
TAG_SEPARATOR = ";"
_COLUMNS = ("name", "category", "price", "cost", "tags", "active")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """A product to be written. `path` None keeps the category, an empty one takes the product out of it."""

    sku: str
    path: Sequence[str] | None
    fields: ProductFields

    def with_category(self, codes: Mapping[tuple[str, ...], str]) -> ProductFields:
        """The fields, with the code of the category at the path."""
        if self.path is None:
            return self.fields
        return replace(self.fields, category_code=codes.get(tuple(self.path), ""))


class ProductsImporter:
    """Creates products, and changes those that are there; an empty cell keeps what is known."""

    batch_rows = 1_000
    each_row_commits = False
    tables = ("catalog_product", "catalog_category", "catalog_producttag")

    def __init__(self, setting: Setting) -> None:
        self.columns = Columns(required=("sku",), optional=_COLUMNS)
        self._places = places_of(setting.names)
        self._brand_id = setting.configuration.brand_id
        self._rehearsed: set[str] = set()

    def goes_on(self, earlier: Row, later: Row) -> bool:
        """Every row stands for itself."""
        return False

    def decide(self, cursor: Cursor, rows: Sequence[Row], *, now: datetime, is_rehearsal: bool) -> Batch:
        """Check every cell; tell new products from known ones."""
        batch = Batch()
        whole = batch.whole(rows)
        skus = [row.cells[self._places["sku"]] for row in whole]
        known = set(Product.objects.filter(brand_id=self._brand_id, sku__in=skus).values_list("sku", flat=True))
        if is_rehearsal:
            known |= self._rehearsed
        for row in whole:
            faults = Faults()
            product = self._product(Cells(self._places, row, faults))
            if faults:
                batch.refuse(row, faults)
                continue
            batch.accepted.append(product)
            batch.totals.counted.add(GROUP, "changed" if product.sku in known else "new")
            known.add(product.sku)
            if is_rehearsal:
                self._rehearsed.add(product.sku)
        return batch

    def write(self, cursor: Cursor, batch: Batch, *, now: datetime) -> None:
        """Categories that are missing, then the products."""
        brand = Brand.objects.get(pk=self._brand_id)
        paths = {tuple(row.path) for row in batch.accepted if row.path}
        codes = {path: category_at_path(brand=brand, names=path).code for path in sorted(paths)}
        save_products(
            brand=brand,
            products=[(row.sku, row.with_category(codes)) for row in batch.accepted],
        )

    def balances(self, cursor: Cursor) -> Figures | None:
        """Products hold no balances."""
        return None

    def booked(self, cursor: Cursor) -> Figures | None:
        """Products are not booked."""
        return None

    def _product(self, cells: Cells) -> ProductRow:
        sku = cells.text("sku")
        cells.faults.read("sku", check_sku, sku)
        price, cost = cells.read("price", amount_of), cells.read("cost", amount_of)
        tags = cells.read("tags", _tags)
        fields = ProductFields(
            name=cells.read("name", _name), price=price, cost=cost, is_active=cells.read("active", flag_of), tags=tags
        )
        return ProductRow(sku=sku, path=cells.read("category", _path), fields=fields)


def _name(text: str) -> str:
    name = "" if text == CLEAR else text
    check_product_name(name)
    return name


def _path(text: str) -> list[str]:
    return [] if text == CLEAR else names_of_path(text)


def _tags(text: str) -> list[str]:
    return [] if text == CLEAR else clean_tags(text.split(TAG_SEPARATOR))
