"""The score of customers: how recently, how often and for how much they buy, compared with each other. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from apps.kernel.errors import InvalidInput

WINDOW_DAYS = 365
LONGEST_WINDOW = 3650
FEWEST = 5
"""Of fewer customers, none has a score."""
HIGHEST = 100
INACTIVE = "Inactive"
"""The label of those who bought nothing in the window; their total is 0, and no other's is."""
LONGEST_LABEL = 64
HEAVIEST = Decimal(1000)
LOWEST_RANK = Decimal("1.000")
_STEP = Decimal("0.001")

Label = tuple[int, str]
"""The highest total that it stands for, and the name."""


def default_labels() -> list[Label]:
    """Four ranges of equal width."""
    return [(25, "Occasional"), (50, "Regular"), (75, "Loyal"), (100, "Top")]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts."""

    recency: Decimal = Decimal(1)
    frequency: Decimal = Decimal(1)
    monetary: Decimal = Decimal(1)

    @property
    def sum(self) -> Decimal:
        """All of them together."""
        return self.recency + self.frequency + self.monetary


@dataclass(frozen=True, slots=True)
class Terms:
    """How a brand scores: what the parts weigh, the days that count, the names of ranges."""

    weights: Weights = Weights()
    window_days: int = WINDOW_DAYS
    labels: Sequence[Label] = field(default_factory=default_labels)


class InvalidTerms(InvalidInput):
    """Weights, window or labels that cannot be used (9)."""


def check_terms(terms: Terms) -> None:
    """Refuse weights below zero or all zero, a window that is no number of days, and labels that leave a gap."""
    weights = (terms.weights.recency, terms.weights.frequency, terms.weights.monetary)
    if any(not 0 <= each <= HEAVIEST or each != each.quantize(_STEP) for each in weights) or not terms.weights.sum:
        raise InvalidTerms(f"Weights are from 0 to {HEAVIEST} with three decimals at most, and not all 0.")
    if not 1 <= terms.window_days <= LONGEST_WINDOW:
        raise InvalidTerms(f"The window has from 1 to {LONGEST_WINDOW} days.")
    ends, names = [end for end, _ in terms.labels], [name for _, name in terms.labels]
    if not ends or ends != sorted(set(ends)) or ends[0] < 1 or ends[-1] != HIGHEST:
        raise InvalidTerms(f"Ranges of labels follow each other, from 1 up to {HIGHEST}.")
    if any(not name.strip() or len(name) > LONGEST_LABEL for name in names):
        raise InvalidTerms(f"A label has from 1 to {LONGEST_LABEL} characters.")


def quintile(twice_rank: int, count: int) -> Decimal:
    """A rank among `count` customers (2 or more) as a number from 1.000 to 5.000, even steps apart.

    `twice_rank` is twice the rank, 2 for the lowest: equal customers share the mean of their ranks, which may end in a
    half.
    """
    return (1 + Decimal(4 * (twice_rank - 2)) / (2 * (count - 1))).quantize(_STEP, ROUND_HALF_UP)


def total(recency: Decimal, frequency: Decimal, monetary: Decimal, weights: Weights) -> int:
    """The weighted mean of the three parts, from 1 to 100: only who bought nothing has 0."""
    sums = weights.recency * recency + weights.frequency * frequency + weights.monetary * monetary
    share = (sums / weights.sum - 1) * (HIGHEST // 4)
    return max(1, int(share.quantize(Decimal(1), ROUND_HALF_UP)))


def label_of(total: int, labels: Sequence[Label]) -> str:
    """The name of the range in which a total lies."""
    if total == 0:
        return INACTIVE
    return next(name for end, name in labels if total <= end)
