"""updateBalance over HTTP against pgbench running the same SQL with the same indexes, 8 clients each.

The ratio says how much of what the database can do on this machine is left when there is a product around it: HTTP,
credentials, checks, the book, the request log, Python. Both sides work on the same database with durable commits and
take turns; afterwards the verifier must find the books of both in order.

Processor time per call is told as well: it is the steadier figure where other processes want the machine too.
"""

import os
import random
from collections.abc import Callable, Iterator
from typing import Any

from bench.brand import Till, new_custom_id, update_balance
from bench.http import Load, MakeCall, run
from bench.inprocess import InProcess
from bench.pgbench import Statement, recorded, run_pgbench
from bench.result import Result, median_ratio, spread
from bench.stage import SMALL, Stage
from bench.system import processor_seconds
from bench.web import Web

CLIENTS = 8


def measure(stage: Stage) -> Iterator[Result]:
    """Take turns: calls over HTTP, then the same statements by pgbench."""
    statements = statements_of_one_call(stage)
    over_http, by_pgbench, costs, floor = [], [], [], []
    with stage.web() as web:
        warm_up(web, stage)
        for number in range(stage.rounds):
            load, seconds = _timed(lambda: _over_http(stage, web))
            over_http.append(load.rate)
            costs.append(seconds / load.calls * 1e3)
            rate, seconds = _timed(lambda n=number: _by_pgbench(stage, statements, n))
            by_pgbench.append(rate)
            floor.append(seconds / (rate * round(stage.seconds)) * 1e3)
    yield Result(
        "updateBalance over HTTP / pgbench with the same SQL, calls",
        median_ratio(over_http, by_pgbench),
        0.40,
        detail=f"HTTP {spread(over_http)}, pgbench {spread(by_pgbench)}; last round {load}\n    "
        f"processor time a call, all processes together: HTTP {spread(costs, ' ms')}, pgbench {spread(floor, ' ms')}; "
        f"load generator (Python, raw sockets): {load.generator_cpu / load.calls * 1e3:.2f} ms of it",
    )
    check_books(stage)


def statements_of_one_call(stage: Stage) -> list[Statement]:
    """The five statements of one updateBalance, with their parameters."""
    stage.use()
    product = InProcess(stage.till)
    product.call(update_balance(0, redeem=True))  # reads the configuration, which is then cached
    with recorded() as seen:
        product.call(update_balance(0, redeem=True))
    assert len(seen) == 5, [text for text, _ in seen]
    return seen


def spread_calls(till: Till, *, first: int = 0, cards: int = SMALL) -> MakeCall:
    """Redemptions and issues in turn, each on a random card of a range."""

    def make(number: int) -> bytes:
        body = update_balance(first + random.randrange(cards), redeem=number % 2 == 0)
        return till.request("updateBalance", body, new_custom_id())

    return make


def warm_up(web: Web, stage: Stage, make_call: MakeCall | None = None) -> None:
    """Let every thread of every web worker connect and prepare its statements."""
    for _ in range(3):
        run(web.port, make_call or spread_calls(stage.till), clients=4 * CLIENTS, seconds=1.0)


def check_books(stage: Stage, cards: int = SMALL) -> None:
    """Stop the bench if a measured transaction was not a right one."""
    from apps.lookups.queries.verify_ledger import verify

    stage.use(cards)
    faults = list(verify(brand_id=stage.till.brand_id))
    assert not faults, faults[:5]


def _over_http(stage: Stage, web: Web) -> Load:
    return run(web.port, spread_calls(stage.till), clients=CLIENTS, seconds=stage.seconds)


def _by_pgbench(stage: Stage, statements: list[Statement], number: int) -> float:
    return run_pgbench(
        stage.database(),
        statements,
        cards=SMALL,
        clients=CLIENTS,
        seconds=stage.seconds,
        run=number,
        folder=stage.servers.folder,
    )


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What work returns, and the processor time that this process and its children (all servers) spent on it."""
    before = processor_seconds(os.getpid())
    done = work()
    return done, processor_seconds(os.getpid()) - before
