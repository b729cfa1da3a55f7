"""What a measure found out: its goal, its figure, whether the goal is met, and the figures behind it."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One figure against its goal. `at_most` says on which side of the goal the good figures lie."""

    name: str
    figure: float
    goal: float
    unit: str = ""
    at_most: bool = False
    detail: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached."""
        return self.figure <= self.goal if self.at_most else self.figure >= self.goal

    def __str__(self) -> str:
        sign = "<=" if self.at_most else ">="
        verdict = "met" if self.is_met else "MISSED"
        line = f"{self.name}: {_short(self.figure)}{self.unit} (goal {sign} {_short(self.goal)}{self.unit}) {verdict}"
        return f"{line}\n    {self.detail}" if self.detail else line


def median_ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """The median of the ratios of figures that were taken in the same round."""
    return statistics.median(one / other for one, other in zip(above, below, strict=True))


def spread(figures: Sequence[float], unit: str = "/s") -> str:
    """Median, lowest and highest figure, for people."""
    low, middle, high = min(figures), statistics.median(figures), max(figures)
    return f"{_short(middle)}{unit} [{_short(low)} .. {_short(high)}]"


def _short(figure: float) -> str:
    if figure == 0 or not math.isfinite(figure):
        return str(figure)
    return f"{figure:.2f}" if abs(figure) < 100 else f"{figure:.0f}"
