"""Put a category, with all that is below it, somewhere else in the tree."""

from django.db import transaction

from apps.brands.models import Brand
from apps.catalog.core.tree import makes_circle
from apps.catalog.models import Category
from apps.catalog.queries.find_category import find_category
from apps.kernel.errors import InvalidInput


class CategoryCircle(InvalidInput):
    """A category cannot stand below itself (9)."""

    message = "A category cannot be moved below itself."


def move_category(*, brand: Brand, code: str, parent_code: str | None) -> Category:
    """Give the category another parent; None: to the top. Unknown codes and circles: 9."""
    with transaction.atomic():
        # all of them: two moves at once could close a circle that neither sees
        rows = Category.objects.select_for_update().filter(brand=brand).order_by("id")
        parents = dict(rows.values_list("id", "parent_id"))
        category = find_category(brand=brand, code=code)
        parent = find_category(brand=brand, code=parent_code) if parent_code else None
        if parent is not None and makes_circle(category.pk, parent.pk, parents):
            raise CategoryCircle
        category.parent = parent
        category.save(update_fields=["parent"])
    return category
