"""The basket of a call, found by items. It does not change while campaigns are evaluated; what its units still cost
does, and stands in the world. Pure."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from apps.campaigns.core.conditions import Items
from apps.campaigns.core.facts import Basket, Line
from apps.campaigns.core.units import Run, runs_of
from apps.kernel.amounts import ZERO

_NOTHING = Basket(total=ZERO, seen=ZERO)


class Shelf:
    """The lines of a basket by SKU, category and tag. Each question is answered once."""

    __slots__ = ("_by_category", "_by_sku", "_by_tag", "_costs", "_found", "_runs", "basket", "lines", "units")

    def __init__(self, basket: Basket | None) -> None:
        self.basket = basket or _NOTHING
        self.lines: Sequence[Line] = self.basket.lines
        self.units = sum((line.quantity for line in self.lines), ZERO)
        self._found: dict[Items, tuple[int, ...]] = {}
        self._costs: dict[Items, Decimal] = {}
        self._runs: dict[int, tuple[Run, ...]] = {}
        self._by_sku: dict[str, list[int]] = {}
        self._by_category: dict[str, list[int]] = {}
        self._by_tag: dict[str, list[int]] = {}
        for number, line in enumerate(self.lines):
            self._by_sku.setdefault(line.sku, []).append(number)
            for category in line.categories:
                self._by_category.setdefault(category, []).append(number)
            for tag in line.tags:
                self._by_tag.setdefault(tag, []).append(number)

    def find(self, items: Items) -> tuple[int, ...]:
        """The numbers of the lines that are of these items, in their order."""
        found = self._found.get(items)
        if found is None:
            found = self._found[items] = tuple(self._search(items))
        return found

    def quantity(self, items: Items) -> Decimal:
        """How many units of these items there are."""
        return sum((self.lines[number].quantity for number in self.find(items)), ZERO)

    def cost(self, items: Items) -> Decimal:
        """What these items cost before campaigns."""
        cost = self._costs.get(items)
        if cost is None:
            found = (self.lines[number] for number in self.find(items))
            cost = self._costs[items] = sum((line.quantity * line.unit_price for line in found), ZERO)
        return cost

    def runs(self, number: int) -> tuple[Run, ...]:
        """The units of a line before any discount."""
        runs = self._runs.get(number)
        if runs is None:
            runs = self._runs[number] = runs_of(number, self.lines[number])
        return runs

    def _search(self, items: Items) -> Iterable[int]:
        left_out = {number for sku in items.except_skus for number in self._by_sku.get(sku, ())}
        if not (items.skus or items.categories or items.tags):
            return (number for number in range(len(self.lines)) if number not in left_out)
        found: set[int] = set()
        for names, numbers in (
            (items.skus, self._by_sku),
            (items.categories, self._by_category),
            (items.tags, self._by_tag),
        ):
            for name in names:
                found.update(numbers.get(name, ()))
        return sorted(found - left_out)
