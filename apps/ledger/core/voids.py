"""Undoing what earlier operations moved. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from apps.kernel.amounts import ZERO
from apps.ledger.core.book import Book, TooLittleBalance
from apps.ledger.core.heirs import NO_HEIRS, Heirs
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import Lot, PastEntry

_UNDONE_ONE_BY_ONE = (EntryKind.ISSUE, EntryKind.REDEEM, EntryKind.ADJUST)


def void(
    book: Book, entries: Sequence[PastEntry], *, take_what_is_free: bool, heirs: Heirs = NO_HEIRS
) -> dict[int, Decimal]:
    """Undo the entries of one or several operations; returns the shortfall by value type.

    What was redeemed goes back to its kind (to its hold if that is still open); a hold releases what is left of it; a
    release stays, since a finished hold is not reopened; what was issued is taken from the same lot first, then in
    spending order, also where a part of it has expired meanwhile. Too little: 13, unless `take_what_is_free`.

    Entries of a wallet that was transferred are undone there, and the value goes on to the heir, or comes from it.
    """
    book.mutation_no += 1
    shortfall: dict[int, Decimal] = {}
    undone = [entry for entry in entries if entry.kind in _UNDONE_ONE_BY_ONE]
    for entry in undone:
        if entry.amount < 0:
            _give_back(book, entry, heirs)
    _undo_holds(book, [entry for entry in entries if entry.kind == EntryKind.HOLD])
    for entry in undone:
        if entry.amount > 0:
            missing = _take_back(book, entry, heirs)
            if missing and not take_what_is_free:
                raise TooLittleBalance
            if missing:
                shortfall[entry.value_type_id] = shortfall.get(entry.value_type_id, ZERO) + missing
    book.settle()
    return shortfall


def _give_back(book: Book, entry: PastEntry, heirs: Heirs) -> None:
    kind, hold_until = entry.lot_kind, None
    if entry.hold_id is not None:
        still_open = [lot for lot in book.lots if lot.hold_id == entry.hold_id and lot.remaining]
        if still_open:
            hold_until = still_open[0].hold_until
        else:
            kind = (*kind[:5], None)
    lot = book.lot_of_kind(kind, hold_until)
    book.move(lot, -entry.amount, EntryKind.VOID, reverses_seq=entry.seq)
    heir_id = heirs.of_wallet(entry.wallet_id)
    if heir_id is not None and lot.is_free_or_delayed(book.at):
        value_type_id = heirs.of_value_type(entry.value_type_id)
        heir = book.lot_of_kind((heir_id, value_type_id, *lot.kind[2:]), None)
        book.move(lot, entry.amount, EntryKind.TRANSFER_OUT)
        book.move(heir, -entry.amount, EntryKind.TRANSFER_IN)


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


def _take_back(book: Book, entry: PastEntry, heirs: Heirs) -> Decimal:
    heir_id = heirs.of_wallet(entry.wallet_id)
    if heir_id is not None:
        return _take_back_from_heir(book, entry, heir_id, heirs.of_value_type(entry.value_type_id))
    own = [
        lot
        for lot in book.lots
        if lot.hold_id is None
        and ((lot.wallet_id, lot.no) == (entry.wallet_id, entry.lot_no) or lot.kind == entry.lot_kind)
    ]
    rest = [lot for lot in book.spending_order(entry.wallet_id, entry.value_type_id) if lot not in own]
    return book.take(own + rest, entry.amount, EntryKind.VOID, take_what_is_there=True, reverses_seq=entry.seq)


def _take_back_from_heir(book: Book, entry: PastEntry, heir_id: int, value_type_id: int) -> Decimal:
    """The heir's value goes the way back, lot by lot, and ends where it came from."""
    kind = (heir_id, value_type_id, *entry.lot_kind[2:])
    own = [lot for lot in book.lots if lot.kind == kind]
    rest = [lot for lot in book.spending_order(heir_id, value_type_id) if lot not in own]
    left = entry.amount
    for lot in own + rest:
        part = min(left, lot.remaining)
        if part:
            _send_back(book, lot, entry, part)
            left -= part
    return left


def _send_back(book: Book, lot: Lot, entry: PastEntry, part: Decimal) -> None:
    origin = book.lot_of_kind(entry.lot_kind, None)
    book.move(lot, -part, EntryKind.TRANSFER_OUT)
    book.move(origin, part, EntryKind.TRANSFER_IN)
    book.move(origin, -part, EntryKind.VOID, reverses_seq=entry.seq)
