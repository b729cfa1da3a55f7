"""What a verifier asks of the stored rows, and what it found. Pure vocabulary, shared by the apps above."""

from dataclasses import dataclass
from typing import NamedTuple

FROM_ENTRIES = "The entries are the truth: derive the stored figure from them again, under the wallet's lock."
FROM_BACKUP = "Entries are never changed by the product: compare with a backup, then ask who had write access."
FROM_CORRECTION = "Do not edit entries: correct the balance by an adjustment, and report the case as a fault."


class Offender(NamedTuple):
    """One row that fails: the wallet (None where there is none), which row of it, and what is seen there."""

    wallet_id: int | None
    row: str
    seen: str


@dataclass(frozen=True, slots=True)
class Check:
    """A statement that returns the rows that break a rule, as `Offender` columns; none when all is well.

    `name` states the rule as a fact. The parameters are `brand` and, for checks of wallets, `above` and `upto`: the
    wallet ids of a chunk lie above the one and up to the other. `remedy` says what to do about offenders.
    """

    name: str
    remedy: str
    sql: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that failed in a brand: how many rows break it, and the first of them."""

    check: Check
    brand: str
    count: int
    offenders: tuple[Offender, ...]
