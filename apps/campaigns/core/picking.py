"""Which units a discount is taken from. Pure.

Units are sorted by their price before campaigns, the dearest first; of equal prices those that cost most now come
first, then those further up in the basket. Parts of units (0.5 of 2.5) are no units here: only a discount on all units
of the items reaches them.
"""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from apps.campaigns.core.results import Discount, TargetKind
from apps.campaigns.core.units import Run
from apps.campaigns.core.world import World


def picked(result: Discount, times: int, world: World, own_view: UUID | None) -> tuple[list[Run], dict[int, list[Run]]]:
    """The units, and by line those of the same lines that are not picked. A rule that fires `times` times at once
    reaches so many times `n` of the cheapest (or dearest) units."""
    runs = [run for number in world.shelf.find(result.items) for run in world.runs(number)]
    if result.of is TargetKind.ITEMS:
        return runs, {}
    ordered = sorted((run for run in runs if run.is_whole), key=lambda run: _dearest_first(run, world, own_view))
    chosen: list[Run] = []
    others: dict[int, list[Run]] = {}
    for run, count in zip(ordered, _counts(result, times, ordered), strict=True):
        first, rest = _split(run, count)
        chosen += first
        others.setdefault(run.line, []).extend(rest)
    for run in runs:
        if not run.is_whole:
            others.setdefault(run.line, []).append(run)
    return chosen, others


def _dearest_first(run: Run, world: World, own_view: UUID | None) -> tuple[Decimal, Decimal, int]:
    return -world.shelf.lines[run.line].unit_price, -run.seen_by(own_view) / run.units, run.line


def _counts(result: Discount, times: int, ordered: list[Run]) -> Iterable[int]:
    """How many units of each run are picked."""
    units = [int(run.units) for run in ordered]
    match result.of:
        case TargetKind.MOST_EXPENSIVE:
            return _first(result.n * times, units)
        case TargetKind.CHEAPEST:
            return reversed(list(_first(result.n * times, list(reversed(units)))))
        case TargetKind.EVERY_NTH:
            return _each(result.n, units, only=False)
        case _:
            return _each(result.n, units, only=True)


def _first(wanted: int, units: list[int]) -> Iterable[int]:
    for count in units:
        taken = min(count, wanted)
        wanted -= taken
        yield taken


def _each(n: int, units: list[int], *, only: bool) -> Iterable[int]:
    """How many multiples of `n` (`only`: whether `n` itself) the positions of each run hold."""
    before = 0
    for count in units:
        hits = (before + count) // n - before // n
        yield min(hits, int(before < n)) if only else hits
        before += count


def _split(run: Run, count: int) -> tuple[list[Run], list[Run]]:
    if count == 0:
        return [], [run]
    if count == run.units:
        return [run], []
    first, rest = run.split(Decimal(count))
    return [first], [rest]
