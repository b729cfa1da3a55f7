"""Undoing what earlier operations moved. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from apps.kernel.amounts import ZERO
from apps.ledger.core.book import Book, TooLittleBalance
from apps.ledger.core.heirs import NO_HEIRS, Heirs
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import PastEntry
from apps.ledger.core.undoing import give_back, take_back

_UNDONE_ONE_BY_ONE = (
    EntryKind.ISSUE,
    EntryKind.REDEEM,
    EntryKind.EXPIRE,
    EntryKind.ADJUST,
    EntryKind.CONVERT,
    EntryKind.RETURN,
)


def void(
    book: Book, entries: Sequence[PastEntry], *, take_what_is_free: bool, heirs: Heirs = NO_HEIRS
) -> dict[int, Decimal]:
    """Undo the entries of one or several operations; returns the shortfall by value type.

    What was redeemed goes back to its kind (to its hold if that is still open), and so does what a campaign took, even
    if it called that an expiry; a hold releases what is left of it; a release stays, since a finished hold is not
    reopened; what was issued is taken from the same lot first, then in spending order, also where a part of it has
    expired meanwhile. What a return gave back or took back is undone likewise. Too little: 13, unless
    `take_what_is_free`.

    What was merely settled is no part of `entries`. For wallets that were transferred see `undoing`.
    """
    book.mutation_no += 1
    shortfall: dict[int, Decimal] = {}
    undone = [entry for entry in entries if entry.kind in _UNDONE_ONE_BY_ONE]
    for entry in undone:
        if entry.amount < 0:
            give_back(book, entry, heirs, EntryKind.VOID)
    _undo_holds(book, [entry for entry in entries if entry.kind == EntryKind.HOLD])
    for entry in undone:
        if entry.amount > 0:
            missing = take_back(book, entry, heirs, EntryKind.VOID)
            if missing and not take_what_is_free:
                raise TooLittleBalance
            if missing:
                shortfall[entry.value_type_id] = shortfall.get(entry.value_type_id, ZERO) + missing
    book.settle()
    return shortfall


def _undo_holds(book: Book, entries: Sequence[PastEntry]) -> None:
    """HOLD entries come in pairs: out of a free lot, into the held lot of the same kind.

    The held lot is found by its kind: one that was emptied and got value back is another lot.
    """
    for out, into in zip(entries[::2], entries[1::2], strict=True):
        held = book.by_kind.get(into.lot_kind)
        if held is None or not held.remaining:
            continue
        part = min(held.remaining, into.amount)
        free = book.like(held, None, None)
        book.move(held, -part, EntryKind.VOID, reverses_seq=into.seq)
        book.move(free, part, EntryKind.VOID, reverses_seq=out.seq)
