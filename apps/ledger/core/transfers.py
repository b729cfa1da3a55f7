"""Moving all value of a card to another one: out, and later in. Pure. Between the two the value is in transit."""

from collections.abc import Iterable, Sequence

from apps.kernel.errors import ErrorCode, Refusal
from apps.ledger.core.book import Book
from apps.ledger.core.heirs import Heirs
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import Lot, PastEntry


class UnresolvedHolds(Refusal):
    """The card holds value for a transaction that is not finished (21)."""

    code = ErrorCode.UNRESOLVED_HOLDS
    message = "The card has balance on hold; send ignoreHoldBalances to release it."


def transfer_out(book: Book, *, release_holds: bool) -> None:
    """Everything leaves the book's wallets, value that is not yet active too. Holds: released first, or 21."""
    _end_holds(book, release_holds)
    book.mutation_no += 1
    for lot in list(book.lots):
        book.move(lot, -lot.remaining, EntryKind.TRANSFER_OUT)


def write_off(book: Book, *, release_holds: bool) -> None:
    """Everything in the book's wallets is written off as an adjustment. Holds: released first, or 21."""
    _end_holds(book, release_holds)
    book.mutation_no += 1
    for lot in list(book.lots):
        book.move(lot, -lot.remaining, EntryKind.ADJUST)


def transfer_in(book: Book, entries: Iterable[PastEntry], heirs: Heirs) -> None:
    """What left by `entries` arrives in the heirs' wallets, under the same return flag, expiry and activation.

    What expired on the way expires at once. A kind of value that the receiving program lacks: 20.
    """
    book.mutation_no += 1
    for entry in entries:
        wallet_id = heirs.of_wallet(entry.wallet_id)
        assert wallet_id is not None, "value that was transferred out has a wallet to go to"
        value_type_id = heirs.of_value_type(entry.value_type_id)
        kind = (wallet_id, value_type_id, entry.return_related, entry.expires_at, entry.active_at, None)
        book.move(book.lot_of_kind(kind, None), -entry.amount, EntryKind.TRANSFER_IN)
    book.settle()


def reclassify(book: Book, wallet_id: int, *, owner_location_id: int) -> None:
    """The wallet gets another owner: what it holds is taken out of the old owner's books and into the new one's."""
    wallet = book.wallets[wallet_id]
    program_id, card_set_id, owner_id, is_demo = wallet.dimensions
    if owner_id == owner_location_id:
        return
    before, after = wallet.dimensions, (program_id, card_set_id, owner_location_id, is_demo)
    book.mutation_no += 1
    for lot in [lot for lot in book.lots if lot.wallet_id == wallet_id]:
        amount = lot.remaining
        wallet.dimensions = before
        book.move(lot, -amount, EntryKind.RECLASSIFY)
        wallet.dimensions = after
        book.move(lot, amount, EntryKind.RECLASSIFY)
    wallet.dimensions = after
    wallet.is_changed = True


def _end_holds(book: Book, release_holds: bool) -> None:
    held: Sequence[Lot] = [lot for lot in book.lots if lot.hold_id is not None and lot.remaining]
    if held and not release_holds:
        raise UnresolvedHolds
    if held:
        book.mutation_no += 1
        for lot in held:
            book.release(lot, at=book.at, mutation_no=book.mutation_no)
        book.settle()
