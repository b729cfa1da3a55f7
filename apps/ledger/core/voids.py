"""Undoing what earlier operations moved. Pure."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from apps.kernel.amounts import ZERO, unit
from apps.ledger.core.book import Book, TooLittleBalance
from apps.ledger.core.heirs import NO_HEIRS, Heirs
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import PastEntry

_UNDONE_ONE_BY_ONE = (EntryKind.ISSUE, EntryKind.REDEEM, EntryKind.ADJUST)


def void(
    book: Book, entries: Sequence[PastEntry], *, take_what_is_free: bool, heirs: Heirs = NO_HEIRS
) -> dict[int, Decimal]:
    """Undo the entries of one or several operations; returns the shortfall by value type.

    What was redeemed goes back to its kind (to its hold if that is still open); a hold releases what is left of it; a
    release stays, since a finished hold is not reopened; what was issued is taken from the same lot first, then in
    spending order, also where a part of it has expired meanwhile. Too little: 13, unless `take_what_is_free`.

    Entries of a wallet that was transferred are undone there, and the value goes on to the heir (where it expires if it
    is late), or comes from it. A kind of value that the heir cannot hold: 20.
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
    if heir_id is not None:
        heir = book.lot_of_kind((heir_id, heirs.of_value_type(entry.value_type_id), *lot.kind[2:]), None)
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
        return _take_back_from_heir(book, entry, heir_id, heirs)
    own = [
        lot
        for lot in book.lots
        if lot.hold_id is None
        and ((lot.wallet_id, lot.no) == (entry.wallet_id, entry.lot_no) or lot.kind == entry.lot_kind)
    ]
    rest = [lot for lot in book.spending_order(entry.wallet_id, entry.value_type_id) if lot not in own]
    return book.take(own + rest, entry.amount, EntryKind.VOID, take_what_is_there=True, reverses_seq=entry.seq)


def _take_back_from_heir(book: Book, entry: PastEntry, heir_id: int, heirs: Heirs) -> Decimal:
    """The heir's value goes the way back and ends where it came from, as far as that wallet can say the amount."""
    value_type_id = heirs.of_value_type(entry.value_type_id)
    kinds = {(heir_id, value_type_id, *kind[2:]) for kind in (entry.lot_kind, book.present(entry.lot_kind))}
    own = [lot for lot in book.lots if lot.kind in kinds]
    lots = own + [lot for lot in book.spending_order(heir_id, value_type_id) if lot not in own]
    there = sum((lot.remaining for lot in lots), ZERO)
    amount = min(entry.amount, there.quantize(unit(heirs.scales[entry.value_type_id]), rounding=ROUND_DOWN))
    if amount:
        book.take(lots, amount, EntryKind.TRANSFER_OUT, take_what_is_there=False)
        origin = book.lot_of_kind(entry.lot_kind, None)
        book.move(origin, amount, EntryKind.TRANSFER_IN)
        book.move(origin, -amount, EntryKind.VOID, reverses_seq=entry.seq)
    return entry.amount - amount
