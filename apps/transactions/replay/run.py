"""Play a whole log: customers side by side, each customer's purchases in order."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass

from apps.transactions.replay.customer import Counter, serve
from apps.transactions.replay.pace import Pace, Stopped
from apps.transactions.replay.purchases import Purchase, PurchaseLog
from apps.transactions.replay.tally import Tally
from apps.transactions.replay.till import Address, HttpTill, Patience

PROGRESS_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to play. `rate` is in calls per second, 0: no limit; `log_name` begins every customRequestId."""

    address: Address
    card_set: str
    log_name: str
    run_id: str
    rate: float
    concurrency: int
    patience: Patience


def replay(
    *, log: PurchaseLog, settings: Settings, stop: threading.Event, tally: Tally, progress: Callable[[], None]
) -> None:
    """Play the log until its end or until `stop` is set; the first failure that is not one customer's ends the run.

    Raises that failure (Hopeless, OutOfReach) when all threads have ended. `tally` says what was done in any case.
    """
    customers = iter(log.by_customer().items())
    pace, queue = Pace(rate=settings.rate, stop=stop), threading.Lock()

    def work() -> None:
        with (
            HttpTill(
                address=settings.address,
                run_id=settings.run_id,
                pace=pace,
                patience=settings.patience,
                tally=tally,
            ) as till,
            suppress(Stopped),
        ):
            counter = Counter(till, tally, settings.log_name, settings.card_set)
            while (taken := _next(customers, queue)) is not None and not stop.is_set():
                serve(counter=counter, customer=taken[0], purchases=taken[1])

    with ThreadPoolExecutor(settings.concurrency, thread_name_prefix="till") as pool:
        workers = [pool.submit(work) for _ in range(settings.concurrency)]
        _wait(workers, stop, progress)
    for worker in workers:
        worker.result()


Customers = Iterator[tuple[str, Sequence[Purchase]]]


def _next(customers: Customers, queue: threading.Lock) -> tuple[str, Sequence[Purchase]] | None:
    with queue:
        return next(customers, None)


def _wait(workers: Sequence[Future[None]], stop: threading.Event, progress: Callable[[], None]) -> None:
    """Wait for all; one that fails stops the others."""
    left = set(workers)
    while left:
        done, left = wait(left, timeout=PROGRESS_SECONDS, return_when=FIRST_EXCEPTION)
        if any(worker.exception() for worker in done):
            stop.set()
        progress()
