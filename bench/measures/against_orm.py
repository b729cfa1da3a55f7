"""updateBalance against the same verb written with the ORM and DRF serializers, over HTTP, 8 clients each.

Both are served by the same web server on the same database, leave the same rows and give the same answers (tests/bench
compares them). The ratio is what hand-written statements and wire types earn.
"""

from collections.abc import Iterator

from bench.http import run
from bench.measures.update_balance import CLIENTS, check_books, spread_calls, warm_up
from bench.result import Result, median_ratio, spread
from bench.stage import Stage

ORM = "bench.orm.web:application"


def measure(stage: Stage) -> Iterator[Result]:
    """Take turns: the product, then the ORM's version."""
    ours, theirs = [], []
    with stage.web() as product, stage.web(application=ORM) as orm:
        for web in (product, orm):
            warm_up(web, stage)
        for _ in range(stage.rounds):
            ours.append(run(product.port, spread_calls(stage.till), clients=CLIENTS, seconds=stage.seconds).rate)
            theirs.append(run(orm.port, spread_calls(stage.till), clients=CLIENTS, seconds=stage.seconds).rate)
    yield Result(
        "updateBalance / the same with ORM and serializers",
        median_ratio(ours, theirs),
        4.0,
        "x",
        detail=f"ours {spread(ours)}, ORM {spread(theirs)}, 8 clients",
    )
    check_books(stage)
