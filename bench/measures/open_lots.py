"""The cost of an updateBalance on a card with 52 open lots (one for each week of a year) against a card with one."""

from collections.abc import Iterator

import psycopg

from bench.cards import load_lots
from bench.http import run
from bench.measures.update_balance import CLIENTS, check_books, spread_calls, warm_up
from bench.result import Result, median_ratio, spread
from bench.stage import Stage

CARDS, HALF, LOTS = 1_000, 500, 52


def measure(stage: Stage) -> Iterator[Result]:
    """Take turns: cards with one lot, then cards with many."""
    with psycopg.connect(stage.database(CARDS), autocommit=True) as connection:
        load_lots(connection, stage.till, cards=HALF, lots=LOTS)
    one, many = [], []
    fresh = spread_calls(stage.till, first=HALF, cards=HALF)
    full = spread_calls(stage.till, cards=HALF)
    with stage.web(CARDS) as web:
        warm_up(web, stage, fresh)
        warm_up(web, stage, full)
        for _ in range(stage.rounds):
            one.append(run(web.port, fresh, clients=CLIENTS, seconds=stage.seconds).rate)
            many.append(run(web.port, full, clients=CLIENTS, seconds=stage.seconds).rate)
    yield Result(
        f"cost on a card with {LOTS} open lots / with one",
        median_ratio(one, many),
        1.3,
        at_most=True,
        detail=f"one lot {spread(one)}, {LOTS} lots {spread(many)}",
    )
    check_books(stage, CARDS)
