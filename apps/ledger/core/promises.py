"""What a locking setup promises to move later: reserved now, carried out by its complete. Pure.

Between the two nobody can take promised value away, not even its expiry, and nobody can fill the room that promised
value needs: carrying out refuses nothing and checks no bounds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from apps.kernel.amounts import ZERO
from apps.ledger.core.book import Book, spending_rank
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import Lot

Purse = tuple[int, int]
"""Wallet and value type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One movement to come: `amount` > 0 is value that is given, with these dates; < 0 is taken from what is free then.

    Dates are absolute, so that they are the same whenever it is carried out.
    """

    wallet_id: int
    value_type_id: int
    amount: Decimal
    kind: EntryKind
    expires_at: datetime | None = None
    active_at: datetime | None = None

    @property
    def purse(self) -> Purse:
        """Whose value of which type moves."""
        return self.wallet_id, self.value_type_id


def reserve(book: Book, movements: Sequence[Movement], *, until: datetime) -> dict[Purse, Decimal]:
    """Hold, for the book's operation, what the movements in this order will need of the value that is free now.

    That is as much as they take before they have given it, in spending order. Too little: 13. Returns the room below
    the maximum that they need on their way, by purse; purses that need none are left out.
    """
    for (wallet_id, value_type_id), amount in _needed(movements, at=book.at).items():
        book.hold(wallet_id=wallet_id, value_type_id=value_type_id, amount=amount, until=until)
    return _highest((each.purse, each.amount) for each in movements)


def carry_out(book: Book, movements: Sequence[Movement], *, hold_id: UUID) -> list[int]:
    """Do in this order what was reserved under `hold_id`; returns the number of each movement's mutation.

    What is taken comes out of the hold first, then from free value in spending order, where what these movements have
    given counts as free even if its expiry has passed since. What remains of the hold is released, and what is late
    expires, after the last of them. Finding too little is a broken promise, and no refusal.
    """
    numbers, given = [], dict[int, Lot]()
    for each in movements:
        book.mutation_no += 1
        numbers.append(book.mutation_no)
        if each.amount > 0:
            kind = (each.wallet_id, each.value_type_id, False, each.expires_at, each.active_at, None)
            lot = book.lot_of_kind(kind, None)
            book.move(lot, each.amount, each.kind)
            given[id(lot)] = lot
        else:
            lots = [*_held(book, hold_id, each.purse), *_free(book, each.purse, given.values())]
            left = book.take(lots, -each.amount, each.kind, take_what_is_there=True)
            assert not left, f"a promised movement is short of {left}"
    let_go(book, hold_id)
    return numbers


def let_go(book: Book, hold_id: UUID) -> None:
    """Release what a hold still keeps; what is late expires."""
    held = [lot for lot in book.lots if lot.hold_id == hold_id and lot.remaining]
    if held:
        book.mutation_no += 1
        for lot in held:
            book.release(lot, at=book.at, mutation_no=book.mutation_no)
    book.settle()


def _needed(movements: Iterable[Movement], *, at: datetime) -> Mapping[Purse, Decimal]:
    """How much is taken before it was given, at most. What is given but not active yet helps nobody."""
    return _highest(
        (each.purse, -each.amount)
        for each in movements
        if each.amount < 0 or each.active_at is None or each.active_at <= at
    )


def _highest(steps: Iterable[tuple[Purse, Decimal]]) -> dict[Purse, Decimal]:
    """The highest sum that each purse reaches on its way, where that is above zero."""
    sums: dict[Purse, Decimal] = {}
    highest: dict[Purse, Decimal] = {}
    for purse, amount in steps:
        sums[purse] = sums.get(purse, ZERO) + amount
        if sums[purse] > highest.get(purse, ZERO):
            highest[purse] = sums[purse]
    return highest


def _held(book: Book, hold_id: UUID, purse: Purse) -> list[Lot]:
    held = (
        lot
        for lot in book.lots
        if lot.hold_id == hold_id and (lot.wallet_id, lot.value_type_id) == purse and lot.remaining
    )
    return sorted(held, key=spending_rank)


def _free(book: Book, purse: Purse, given: Iterable[Lot]) -> list[Lot]:
    free = {id(lot): lot for lot in book.spending_order(*purse)}
    late = {
        id(lot): lot
        for lot in given
        if (lot.wallet_id, lot.value_type_id) == purse and (lot.active_at is None or lot.active_at <= book.at)
    }
    return sorted((free | late).values(), key=spending_rank)
