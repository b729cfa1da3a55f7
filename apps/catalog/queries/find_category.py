"""A category by its code."""

from apps.brands.models import Brand
from apps.catalog.models import Category
from apps.kernel.errors import InvalidInput


class UnknownCategory(InvalidInput):
    """The brand has no category with this code (9)."""


def find_category(*, brand: Brand, code: str) -> Category:
    """The brand's category, or 9."""
    category = Category.objects.filter(brand=brand, code=code).first()
    if category is None:
        raise UnknownCategory(f"There is no category {code!r}.")
    return category
