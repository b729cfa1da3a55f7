"""What a return of goods undoes of the checkout they were bought in. Pure.

What a value type gave in all is taken back in the share that was returned, half-up over all returns together, so that a
full return has taken exactly all of it, in however many steps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from apps.kernel.amounts import ZERO, half_up
from apps.ledger.core.book import Book
from apps.ledger.core.heirs import NO_HEIRS, Heirs
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import PastEntry
from apps.ledger.core.undoing import give_back, take_back

Reversed = Mapping[tuple[int, int], Decimal]
"""What earlier returns did about entries, by wallet and sequence number; of the other sign than the entry."""
NOTHING_YET: Reversed = {}


def left_of(entries: Iterable[PastEntry], reversed: Reversed) -> list[PastEntry]:
    """The entries with what of them no return has undone; without those of which nothing is left."""
    rest = [replace(entry, amount=entry.amount + reversed.get((entry.wallet_id, entry.seq), ZERO)) for entry in entries]
    return [entry for entry in rest if entry.amount]


def to_take_back(
    entries: Sequence[PastEntry],
    *,
    share: Fraction,
    scales: Mapping[int, int],
    reversed: Reversed = NOTHING_YET,
    short: Mapping[int, Decimal] | None = None,
) -> dict[int, Decimal]:
    """By value type, what is still to be taken back of what `entries` gave. `share` of it is what was returned in all,
    this time included; `short` what earlier returns looked for in vain, which is not looked for again."""
    gave: dict[int, Decimal] = {}
    done: dict[int, Decimal] = dict(short or {})
    for entry in entries:
        gave[entry.value_type_id] = gave.get(entry.value_type_id, ZERO) + entry.amount
        taken = -reversed.get((entry.wallet_id, entry.seq), ZERO)
        done[entry.value_type_id] = done.get(entry.value_type_id, ZERO) + taken
    wanted = {
        value_type_id: half_up(share * Fraction(amount), scales[value_type_id]) - done[value_type_id]
        for value_type_id, amount in gave.items()
    }
    return {value_type_id: amount for value_type_id, amount in wanted.items() if amount > 0}


def undo_for_return(
    book: Book,
    *,
    paid: Sequence[PastEntry] = (),
    given: Sequence[PastEntry] = (),
    wanted: Mapping[int, Decimal],
    heirs: Heirs = NO_HEIRS,
) -> dict[int, Decimal]:
    """Give all of `paid` back, then take `wanted` back of what `given` gave; returns what was missing by value type.

    Value goes and comes as with a void (see `undoing`), but too little is no refusal, and neither is a kind of value
    that the heir of a transferred wallet cannot have. `paid` and `given` are what is left of entries.
    """
    if paid:
        book.mutation_no += 1
    for entry in paid:
        give_back(book, entry, heirs, EntryKind.RETURN)
    if wanted:
        book.mutation_no += 1
    shortfall: dict[int, Decimal] = {}
    for value_type_id, amount in wanted.items():
        missing = _take(book, [each for each in given if each.value_type_id == value_type_id], amount, heirs)
        if missing:
            shortfall[value_type_id] = missing
    book.settle()
    return shortfall


def _take(book: Book, given: Iterable[PastEntry], amount: Decimal, heirs: Heirs) -> Decimal:
    missing, left = ZERO, amount
    for entry in given:
        part = min(left, entry.amount)
        left -= part
        if heirs.of_wallet(entry.wallet_id) is not None and not heirs.has_kind_of(entry.value_type_id):
            missing += part
        elif part:
            missing += take_back(book, replace(entry, amount=part), heirs, EntryKind.RETURN)
    assert not left, "more is to be taken back than was given"
    return missing
