"""The category at a path of names, made where it is missing."""

import re
from collections.abc import Sequence
from contextlib import suppress

from apps.brands.core.codes import LONGEST_CODE, check_name
from apps.brands.models import Brand
from apps.brands.operations.insert_row import AlreadyExists
from apps.catalog.models import Category
from apps.catalog.operations.create_category import create_category
from apps.kernel.errors import InvalidInput

SEPARATOR = ">"
ATTEMPTS = 5
_PLAIN = re.compile(r"[^a-z0-9]+")


def names_of_path(path: str) -> list[str]:
    """The names in `Clothes > Hats`; an empty or long one is refused (9)."""
    names = [name.strip() for name in path.split(SEPARATOR)]
    for name in names:
        if not name:
            raise InvalidInput(f"A category path is names with {SEPARATOR} between them.")
        check_name(name)
    return names


def category_at_path(*, brand: Brand, names: Sequence[str]) -> Category:
    """Walk down from the top, by name; what is missing is created, with a code made of its path.

    Where two categories of one parent have the same name, the older one is taken.
    """
    category: Category | None = None
    for depth, name in enumerate(names, 1):
        plain = "/".join(_PLAIN.sub("-", each.lower()).strip("-") or "x" for each in names[:depth])
        category = _below(brand, category, name, plain)
    assert category is not None, "a path has at least one name"
    return category


def _below(brand: Brand, parent: Category | None, name: str, wanted: str) -> Category:
    """The category of this name below its parent; made by us, or by somebody else at the same moment."""
    for _ in range(ATTEMPTS):
        found = Category.objects.filter(brand=brand, parent=parent, name=name).order_by("id").first()
        if found is not None:
            return found
        with suppress(AlreadyExists):
            return create_category(
                brand=brand,
                code=_free_code(brand, wanted),
                name=name,
                parent_code=parent.code if parent is not None else None,
            )
    raise AlreadyExists(f"The category {name!r} cannot be made: others are at work on categories.")


def _free_code(brand: Brand, wanted: str) -> str:
    code, number = wanted[:LONGEST_CODE], 1
    while Category.objects.filter(brand=brand, code=code).exists():
        number += 1
        code = f"{wanted[: LONGEST_CODE - len(str(number)) - 1]}-{number}"
    return code
