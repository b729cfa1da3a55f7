"""Undoing one entry of an earlier operation: the two moves that voids and returns are made of. Pure.

Entries of a wallet that was transferred are undone there, and the value goes on to the heir (where it expires if it is
late), or comes from it. A kind of value that the heir cannot hold: 20.
"""

from decimal import ROUND_DOWN, Decimal

from apps.kernel.amounts import ZERO, unit
from apps.ledger.core.book import Book
from apps.ledger.core.heirs import Heirs
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import PastEntry


def give_back(book: Book, entry: PastEntry, heirs: Heirs, kind: EntryKind) -> None:
    """What the entry took goes back to its kind of value: to its hold if that is still open, else it is free."""
    back_to, hold_until = entry.lot_kind, None
    if entry.hold_id is not None:
        still_open = [lot for lot in book.lots if lot.hold_id == entry.hold_id and lot.remaining]
        if still_open:
            hold_until = still_open[0].hold_until
        else:
            back_to = (*back_to[:5], None)
    lot = book.lot_of_kind(back_to, hold_until)
    book.move(lot, -entry.amount, kind, reverses_seq=entry.seq)
    heir_id = heirs.of_wallet(entry.wallet_id)
    if heir_id is not None:
        heir = book.lot_of_kind((heir_id, heirs.of_value_type(entry.value_type_id), *lot.kind[2:]), None)
        book.move(lot, entry.amount, EntryKind.TRANSFER_OUT)
        book.move(heir, -entry.amount, EntryKind.TRANSFER_IN)


def take_back(book: Book, entry: PastEntry, heirs: Heirs, kind: EntryKind) -> Decimal:
    """What the entry gave is taken from the same lot first, then in spending order; returns what was missing."""
    heir_id = heirs.of_wallet(entry.wallet_id)
    if heir_id is not None:
        return _take_back_from_heir(book, entry, heir_id, heirs, kind)
    own = [
        lot
        for lot in book.lots
        if lot.hold_id == entry.hold_id
        and ((lot.wallet_id, lot.no) == (entry.wallet_id, entry.lot_no) or lot.kind == entry.lot_kind)
    ]
    rest = [lot for lot in book.spending_order(entry.wallet_id, entry.value_type_id) if lot not in own]
    return book.take(own + rest, entry.amount, kind, take_what_is_there=True, reverses_seq=entry.seq)


def _take_back_from_heir(book: Book, entry: PastEntry, heir_id: int, heirs: Heirs, kind: EntryKind) -> Decimal:
    """The heir's value goes the way back and ends where it came from, as far as that wallet can say the amount."""
    value_type_id = heirs.of_value_type(entry.value_type_id)
    kinds = {(heir_id, value_type_id, *each[2:]) for each in (entry.lot_kind, book.present(entry.lot_kind))}
    own = [lot for lot in book.lots if lot.kind in kinds]
    lots = own + [lot for lot in book.spending_order(heir_id, value_type_id) if lot not in own]
    there = sum((lot.remaining for lot in lots), ZERO)
    amount = min(entry.amount, there.quantize(unit(heirs.scales[entry.value_type_id]), rounding=ROUND_DOWN))
    if amount:
        book.take(lots, amount, EntryKind.TRANSFER_OUT, take_what_is_there=False)
        origin = book.lot_of_kind(entry.lot_kind, None)
        book.move(origin, amount, EntryKind.TRANSFER_IN)
        book.move(origin, -amount, kind, reverses_seq=entry.seq)
    return entry.amount - amount
