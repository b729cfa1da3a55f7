"""updateBalance over HTTP against pgbench running the same SQL with the same indexes, 8 clients each.

The ratio says how much of what the database can do on this machine is left when there is a product around it: HTTP,
credentials, checks, the book, the request log, Python. Both sides work on the same database with durable commits and
take turns; afterwards the verifier must find the books of both in order.
"""

import random
from collections.abc import Iterator

from bench.brand import Till, new_custom_id, update_balance
from bench.http import MakeCall, run
from bench.inprocess import InProcess
from bench.pgbench import Statement, recorded, run_pgbench
from bench.result import Result, median_ratio, spread
from bench.stage import SMALL, Stage

CLIENTS = 8


def measure(stage: Stage) -> Iterator[Result]:
    """Take turns: calls over HTTP, then the same statements by pgbench."""
    statements = statements_of_one_call(stage)
    url = stage.database()
    over_http, by_pgbench, latest = [], [], None
    with stage.web() as port:
        warm_up(port, stage)
        for number in range(stage.rounds):
            latest = run(port, spread_calls(stage.till), clients=CLIENTS, seconds=stage.seconds)
            over_http.append(latest.rate)
            by_pgbench.append(
                run_pgbench(
                    url,
                    statements,
                    cards=SMALL,
                    clients=CLIENTS,
                    seconds=stage.seconds,
                    run=number,
                    folder=stage.servers.folder,
                )
            )
    assert latest is not None
    cpu = latest.generator_cpu / latest.calls * 1e6
    yield Result(
        "updateBalance over HTTP / pgbench with the same SQL",
        median_ratio(over_http, by_pgbench),
        0.40,
        detail=f"HTTP {spread(over_http)}, pgbench {spread(by_pgbench)}, 8 clients; last round {latest}; "
        f"the generator (Python, raw sockets) took {cpu:.0f} us of CPU a call",
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


def spread_calls(till: Till, *, cards: int = SMALL) -> MakeCall:
    """Redemptions and issues in turn, each on a random card."""

    def make(number: int) -> bytes:
        body = update_balance(random.randrange(cards), redeem=number % 2 == 0)
        return till.request("updateBalance", body, new_custom_id())

    return make


def warm_up(port: int, stage: Stage, make_call: MakeCall | None = None) -> None:
    """Let every thread of every web worker connect and prepare its statements."""
    for _ in range(3):
        run(port, make_call or spread_calls(stage.till), clients=4 * CLIENTS, seconds=1.0)


def check_books(stage: Stage) -> None:
    """Stop the bench if a measured transaction was not a right one."""
    from apps.lookups.queries.verify_ledger import verify

    stage.use()
    faults = list(verify(brand_id=stage.till.brand_id))
    assert not faults, faults[:5]
