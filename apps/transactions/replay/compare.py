"""Compare what a run saw with what the request log knows of it."""

from dataclasses import dataclass

from apps.transactions.replay.tally import Tally
from apps.transactions.replay.till import HttpTill


@dataclass(frozen=True, slots=True)
class Comparison:
    """`logged` calls are in the request log; `unlogged` answers are not; `unseen` calls were logged without an answer
    that arrived; `lost` calls had no answer, and may or may not have reached the server."""

    logged: int
    unlogged: int
    unseen: int
    lost: int

    @property
    def agrees(self) -> bool:
        """Every answer is in the log, and the log knows no more than what was sent."""
        return self.unlogged == 0 and self.unseen <= self.lost


def compare_with_log(*, till: HttpTill, run_id: str, tally: Tally) -> Comparison:
    """Ask the API for the calls that carried the run's id. `till` must not carry that id itself."""
    logged = set(till.call("listRequests", {"externalTransactionId": run_id})["requestRefs"])
    return Comparison(
        logged=len(logged),
        unlogged=len(tally.references - logged),
        unseen=len(logged - tally.references),
        lost=tally.lost,
    )
