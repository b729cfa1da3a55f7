"""Units of a basket, and what they still cost. Pure."""

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple
from uuid import UUID

from apps.campaigns.core.facts import Line
from apps.kernel.amounts import ZERO

_FINE = Decimal("1e-12")
"""Quantities and prices have six decimals each, so a cost has twelve."""
_NOBODY: Mapping[UUID, Decimal] = {}


class Run(NamedTuple):
    """Units of one line that cost the same: a whole number of them, or the part of a unit that a quantity ends with
    (0.5 of 2.5). `cost` is what all of them together cost after discounts, `full` before. `own`: what each campaign
    that bases its discounts on original prices took off them itself."""

    line: int
    units: Decimal
    cost: Decimal
    full: Decimal
    own: Mapping[UUID, Decimal] = _NOBODY

    @property
    def is_whole(self) -> bool:
        """Whether these are whole units."""
        return self.units >= 1

    def seen_by(self, campaign: UUID | None) -> Decimal:
        """The cost that a campaign bases its discounts on; None: one that sees what earlier discounts left."""
        return self.cost if campaign is None else self.full - self.own.get(campaign, ZERO)

    def split(self, units: Decimal) -> tuple["Run", "Run"]:
        """So many of the units, and the others."""
        first = Run(
            self.line,
            units,
            self._part(self.cost, units),
            self._part(self.full, units),
            {campaign: self._part(amount, units) for campaign, amount in self.own.items()},
        )
        others = Run(
            self.line,
            self.units - units,
            self.cost - first.cost,
            self.full - first.full,
            {campaign: amount - first.own[campaign] for campaign, amount in self.own.items()},
        )
        return first, others

    def less(self, amount: Decimal, campaign: UUID | None) -> "Run":
        """The same units after a discount; `campaign` as in `seen_by`."""
        if campaign is None:
            return self._replace(cost=self.cost - amount)
        own = {**self.own, campaign: self.own.get(campaign, ZERO) + amount}
        return self._replace(cost=self.cost - amount, own=own)

    def _part(self, amount: Decimal, units: Decimal) -> Decimal:
        return (amount * units / self.units).quantize(_FINE, rounding=ROUND_DOWN)


def runs_of(number: int, line: Line) -> tuple[Run, ...]:
    """The units of a line at their full price: its whole units, then the part that is left."""
    whole = line.quantity.to_integral_value(rounding=ROUND_DOWN)
    return tuple(
        Run(number, units, units * line.unit_price, units * line.unit_price)
        for units in (whole, line.quantity - whole)
        if units
    )
