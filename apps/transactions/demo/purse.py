"""What the plan believes that a card holds, so that it does not spend what is not there."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

ZERO = Decimal(0)
CENT = Decimal("0.01")


@dataclass(slots=True)
class _Part:
    amount: Decimal
    expires_at: datetime | None
    active_at: datetime | None

    def is_free(self, at: datetime) -> bool:
        return (self.expires_at is None or at < self.expires_at) and (self.active_at is None or self.active_at <= at)


@dataclass(slots=True)
class Purse:
    """One value type of one card. The earliest expiry is spent first, what never expires last."""

    parts: list[_Part] = field(default_factory=list)

    def put(self, amount: Decimal, *, expires_at: datetime | None = None, active_at: datetime | None = None) -> None:
        """Add value."""
        self.parts.append(_Part(amount, expires_at, active_at))
        self.parts.sort(key=lambda part: (part.expires_at is None, part.expires_at))

    def free(self, at: datetime) -> Decimal:
        """What could be spent at a moment."""
        return sum((part.amount for part in self.parts if part.is_free(at)), ZERO)

    def take(self, amount: Decimal, at: datetime) -> None:
        """Spend; there must be enough."""
        for part in self.parts:
            if part.is_free(at):
                taken = min(amount, part.amount)
                part.amount -= taken
                amount -= taken
        assert amount == 0, "the plan spends what is not there"
