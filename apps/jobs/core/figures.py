"""Control totals: amounts and counts by group and name, added up batch by batch. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from apps.kernel.amounts import ZERO

Json = Mapping[str, Mapping[str, str]]
"""Group to name to amount; amounts are texts, since JSON readers would round them."""


class Figures:
    """Sums such as 12,500.00 of `Currency USD` in the group `gift-cards`. Equal if every sum other than 0 is equal."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, str], Decimal] = {}

    @classmethod
    def of(cls, json: Json) -> "Figures":
        """Read what `as_json` wrote."""
        figures = cls()
        for group, names in json.items():
            for name, amount in names.items():
                figures.add(group, name, Decimal(amount))
        return figures

    def add(self, group: str, name: str, amount: Decimal | int = 1) -> None:
        """Add an amount, or count one more."""
        key = (group, name)
        self._sums[key] = self._sums.get(key, ZERO) + amount

    def add_all(self, other: "Figures") -> None:
        """Add every sum of other figures."""
        for (group, name), amount in other._sums.items():
            self.add(group, name, amount)

    def __iter__(self) -> Iterator[tuple[str, str, Decimal]]:
        """Group, name and sum, in the order of groups and names."""
        return ((group, name, amount) for (group, name), amount in sorted(self._sums.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Figures) and self._moved() == other._moved()

    def __hash__(self) -> int:
        raise TypeError("figures grow")

    def as_json(self) -> dict[str, dict[str, str]]:
        """Plain texts by group and name."""
        json: dict[str, dict[str, str]] = {}
        for group, name, amount in self:
            json.setdefault(group, {})[name] = f"{amount:f}"
        return json

    def _moved(self) -> dict[tuple[str, str], Decimal]:
        return {key: amount for key, amount in self._sums.items() if amount}


@dataclass(slots=True)
class Totals:
    """The control totals of an import: how many things of which sort, and balances by card set and value type."""

    counted: Figures = field(default_factory=Figures)
    balances: Figures = field(default_factory=Figures)

    @classmethod
    def of(cls, json: Mapping[str, Any]) -> "Totals":
        """Read what `as_json` wrote, or nothing."""
        return cls(Figures.of(json.get("counted", {})), Figures.of(json.get("balances", {})))

    def __add__(self, other: "Totals") -> "Totals":
        total = Totals()
        for each in (self, other):
            total.counted.add_all(each.counted)
            total.balances.add_all(each.balances)
        return total

    def as_json(self) -> dict[str, Any]:
        """Plain texts."""
        return {"counted": self.counted.as_json(), "balances": self.balances.as_json()}
