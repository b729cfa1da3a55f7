"""The tree of categories, as a parent (or None) by category. Pure."""

from collections.abc import Mapping


def line_of(category_id: int, parents: Mapping[int, int | None]) -> list[int]:
    """The category, then its parent, and so on up to the root."""
    line = [category_id]
    while (parent := parents[line[-1]]) is not None:
        line.append(parent)
    return line


def makes_circle(category_id: int, parent_id: int, parents: Mapping[int, int | None]) -> bool:
    """Whether a category would come to stand below itself."""
    return category_id in line_of(parent_id, parents)
