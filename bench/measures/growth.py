"""The cost of an updateBalance with 1,000,000 cards in the database against 10,000.

The cards lie in two databases of one server, each with its own web server; calls go to random cards.
"""

from collections.abc import Iterator

from bench.http import run
from bench.measures.update_balance import CLIENTS, spread_calls, warm_up
from bench.result import Result, median_ratio, spread
from bench.stage import SMALL, Stage


def measure(stage: Stage) -> Iterator[Result]:
    """Take turns: the small database, then the large one."""
    few, many = [], []
    calls = spread_calls(stage.till)
    calls_of_many = spread_calls(stage.till, cards=stage.large)
    with stage.web(SMALL) as small, stage.web(stage.large) as large:
        warm_up(small, stage, calls)
        warm_up(large, stage, calls_of_many)
        for _ in range(stage.rounds):
            few.append(run(small.port, calls, clients=CLIENTS, seconds=stage.seconds).rate)
            many.append(run(large.port, calls_of_many, clients=CLIENTS, seconds=stage.seconds).rate)
    yield Result(
        f"cost with {stage.large:,} cards / with {SMALL:,}",
        median_ratio(few, many),
        1.3,
        at_most=True,
        detail=f"{SMALL:,} cards {spread(few)}, {stage.large:,} cards {spread(many)}",
    )
