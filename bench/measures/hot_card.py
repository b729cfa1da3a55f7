"""Calls per second when all 8 clients use one card, against calls spread over 10,000 cards.

Calls on one card wait for each other: the lock is held from the second statement to the commit.
"""

from collections.abc import Iterator

from bench.http import run
from bench.measures.update_balance import CLIENTS, check_books, spread_calls, warm_up
from bench.result import Result, median_ratio, spread
from bench.stage import Stage


def measure(stage: Stage) -> Iterator[Result]:
    """Take turns: spread calls, then one card."""
    apart, together = [], []
    everywhere, one_card = spread_calls(stage.till), spread_calls(stage.till, cards=1)
    with stage.web() as web:
        warm_up(web, stage)
        for _ in range(stage.rounds):
            apart.append(run(web.port, everywhere, clients=CLIENTS, seconds=stage.seconds).rate)
            together.append(run(web.port, one_card, clients=CLIENTS, seconds=stage.seconds).rate)
    yield Result(
        "one hot card / spread load, calls",
        median_ratio(together, apart),
        0.4,
        detail=f"spread {spread(apart)}, one card {spread(together)}",
    )
    check_books(stage)
