"""The cost of a checkout with campaigns: rules, lines and growth, against one without rules and an empty call.

But for growth, all calls go through the whole product in this process, one after the other, and take turns; what is
compared is the median time of a call.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator

from bench.brand import new_custom_id
from bench.http import MakeCall, run
from bench.inprocess import InProcess
from bench.measures.update_balance import check_books, warm_up
from bench.result import Result, median_ratio, spread
from bench.rules import FIRE, checkout, keep_rules
from bench.stage import SMALL, Stage

EMPTY = b"{}"
CALLS = 150
"""Of each kind in each round."""


def measure(stage: Stage) -> Iterator[Result]:
    """Rules first, then lines, then the large database."""
    taken, empty = _rules(stage)
    without, few, many, very_many = taken[0, 0], taken[FIRE, FIRE], taken[50, FIRE], taken[500, FIRE]
    yield _cost("checkout of 5 lines, 50 rules, none fires / 0 rules, cost", taken[50, 0], without, 1.25)
    yield _cost("checkout of 5 lines, 50 rules, 3 fire / these 3, cost", many, few, 1.25)
    yield _cost("checkout of 5 lines, 50 rules, 3 fire / 0 rules, cost", many, without, 1.25)
    yield _cost("checkout with 50 rules / empty authenticated call, cost", many, empty, 4.0)
    yield _cost("checkout of 5 lines, 500 rules, 3 fire / 0 rules, cost", very_many, without, 3.0)
    lines = _lines(stage)
    yield _cost("checkout with 50 rules, 10 lines / 1 line, cost", lines[10], lines[1], 1.3)
    yield _cost("checkout with 50 rules, 100 lines / 1 line, cost", lines[100], lines[1], 6.0)
    small, large = _growth(stage)
    yield _cost(f"checkout with 50 rules, {stage.large:,} cards / {SMALL:,}, cost", large, small, 1.3)
    check_books(stage)


def _rules(stage: Stage) -> tuple[dict[tuple[int, int], list[float]], list[float]]:
    """Milliseconds by number of rules and of those that fire; and of the empty call."""
    stage.use()
    product = InProcess(stage.till)
    taken: dict[tuple[int, int], list[float]] = {
        (0, 0): [],
        (50, 0): [],
        (FIRE, FIRE): [],
        (50, FIRE): [],
        (500, FIRE): [],
    }
    empty = []
    for _ in range(stage.rounds):
        for (rules, fire), figures in taken.items():
            keep_rules(stage.till, rules, fire=fire)
            figures.append(_median(lambda: product.call(checkout(_any(), lines=5), "checkout")))
        empty.append(_median(lambda: product.call(EMPTY, "listEventTypes")))
    return taken, empty


def _lines(stage: Stage) -> dict[int, list[float]]:
    stage.use()
    product = InProcess(stage.till)
    keep_rules(stage.till, 50)
    taken: dict[int, list[float]] = {1: [], 10: [], 100: []}
    for _ in range(stage.rounds):
        for lines, figures in taken.items():
            figures.append(_median(lambda n=lines: product.call(checkout(_any(), lines=n), "checkout")))
    return taken


def _growth(stage: Stage) -> tuple[list[float], list[float]]:
    """Milliseconds over HTTP, one client: a process for each database."""
    taken: dict[int, list[float]] = {}
    for cards in (SMALL, stage.large):
        stage.use(cards)
        keep_rules(stage.till, 50)
        with stage.web(cards) as web:
            calls = _calls(stage, cards)
            warm_up(web, stage, calls)
            loads = [run(web.port, calls, clients=1, seconds=stage.seconds) for _ in range(stage.rounds)]
            taken[cards] = [1e3 / load.rate for load in loads]
    return taken[SMALL], taken[stage.large]


def _calls(stage: Stage, cards: int) -> MakeCall:
    def make(_number: int) -> bytes:
        return stage.till.request("checkout", checkout(_any(cards), lines=5), new_custom_id())

    return make


def _median(call: Callable[[], object]) -> float:
    """Milliseconds of a call, in the middle of many; the first ones prepare statements and read what is cached."""
    for _ in range(15):
        call()
    taken = []
    for _ in range(CALLS):
        begin = time.perf_counter()
        call()
        taken.append((time.perf_counter() - begin) * 1e3)
    return statistics.median(taken)


def _any(cards: int = SMALL) -> int:
    return random.randrange(cards)


def _cost(name: str, above: list[float], below: list[float], goal: float) -> Result:
    detail = f"{spread(above, ' ms')} / {spread(below, ' ms')}"
    return Result(name, median_ratio(above, below), goal, at_most=True, detail=detail)
