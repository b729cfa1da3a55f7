"""What a run has done so far: calls with their times, and what came of the purchases."""

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from apps.transactions.replay.purchases import Purchase

SHOWN = 20
"""Refusals that are kept in words."""


@dataclass(frozen=True, slots=True)
class MethodFigures:
    """Calls of one method: how many, and the times they took, in milliseconds."""

    method: str
    calls: int
    median: float
    p99: float


@dataclass(slots=True)
class Tally:
    """Filled by all threads of a run."""

    references: set[str] = field(default_factory=set)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    retried: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    cards_new: int = 0
    cards_known: int = 0
    recorded: int = 0
    recorded_before: int = 0
    amount: Decimal = Decimal(0)
    refused: int = 0
    refusals: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def calls(self) -> int:
        """Calls that were answered."""
        return sum(len(seconds) for seconds in self.seconds.values())

    def answered(self, method: str, seconds: float, reference: str) -> None:
        """A call was answered, with whatever."""
        with self._lock:
            self.seconds[method].append(seconds)
            self.references.add(reference)

    def unanswered(self) -> None:
        """A call was sent, and no answer came."""
        with self._lock:
            self.lost += 1

    def again(self, reason: str) -> None:
        """A call has to be made once more."""
        with self._lock:
            self.retried[reason] += 1

    def card(self, *, is_new: bool) -> None:
        """A customer has a card."""
        with self._lock:
            self.cards_new += is_new
            self.cards_known += not is_new

    def purchase(self, purchase: Purchase, *, before: bool) -> None:
        """A purchase is in the books, since now or since an earlier run."""
        with self._lock:
            self.recorded += not before
            self.recorded_before += before
            self.amount += purchase.amount

    def refusal(self, said: str) -> None:
        """A call was refused for good."""
        with self._lock:
            self.refused += 1
            if len(self.refusals) < SHOWN:
                self.refusals.append(said)

    def methods(self) -> list[MethodFigures]:
        """The figures of each method, by name."""
        with self._lock:
            measured = {method: sorted(seconds) for method, seconds in sorted(self.seconds.items())}
        return [
            MethodFigures(method, len(seconds), _quantile(seconds, 50), _quantile(seconds, 99))
            for method, seconds in measured.items()
        ]


def _quantile(ordered: list[float], percent: int) -> float:
    """The nearest-rank quantile, in milliseconds."""
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(rank, 1) - 1] * 1000
