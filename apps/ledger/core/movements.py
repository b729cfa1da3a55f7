"""Carrying out at once what was planned elsewhere. Pure."""

from collections.abc import Sequence

from apps.ledger.core.book import Book
from apps.ledger.core.promises import Movement


def move_all(book: Book, movements: Sequence[Movement]) -> list[int]:
    """Make the movements in their order, taking in spending order; the number of each one's mutation. Too little to
    take: 13."""
    numbers = []
    for each in movements:
        if each.amount > 0:
            book.issue(
                wallet_id=each.wallet_id,
                value_type_id=each.value_type_id,
                amount=each.amount,
                kind=each.kind,
                expires_at=each.expires_at,
                active_at=each.active_at,
            )
        else:
            book.redeem(wallet_id=each.wallet_id, value_type_id=each.value_type_id, amount=-each.amount, kind=each.kind)
        numbers.append(book.mutation_no)
    return numbers
