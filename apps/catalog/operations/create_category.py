"""Create a category."""

from apps.brands.core.codes import check_code, check_name
from apps.brands.models import Brand
from apps.brands.operations.insert_row import insert_row
from apps.catalog.models import Category
from apps.catalog.queries.find_category import find_category


def create_category(*, brand: Brand, code: str, name: str, parent_code: str | None = None) -> Category:
    """Insert the category below its parent, or at the top. A bad or taken code, a bad name, an unknown parent: 9."""
    check_code(code)
    check_name(name)
    parent = find_category(brand=brand, code=parent_code) if parent_code else None
    row = Category(brand=brand, code=code, name=name, parent=parent)
    return insert_row(row=row, duplicate=f"There is a category {code!r} already.")
