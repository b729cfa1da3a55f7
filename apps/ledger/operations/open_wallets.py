"""Open many root wallets at once, with the value that is on them, as an import does."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from apps.kernel.db.copying import copy_rows, draw_ids
from apps.kernel.db.hot import Cursor
from apps.ledger.core.book import Book

_WALLETS = (
    "brand_id",
    "id",
    "program_id",
    "card_set_id",
    "owner_location_id",
    "is_demo",
    "last_seq",
    "last_lot",
    "last_at",
)
_LOTS = ("brand_id", "wallet_id", "no", "value_type_id", "return_related", "expires_at", "active_at", "remaining")
_ENTRIES = (
    "brand_id",
    "wallet_id",
    "seq",
    "operation_id",
    "lot_no",
    "value_type_id",
    "kind",
    "amount",
    "lot_after",
    "balance_after",
    "occurred_at",
    "recorded_at",
    "booked_on",
    "program_id",
    "card_set_id",
    "owner_location_id",
    "is_demo",
    "location_id",
    "mutation_no",
)

Row = tuple[Any, ...]


def new_wallet_ids(cursor: Cursor, count: int) -> list[int]:
    """Ids for wallets to be opened."""
    return draw_ids(cursor, "ledger_wallet_id_seq", count)


def open_wallets(
    cursor: Cursor,
    *,
    brand_id: int,
    books: Sequence[Book],
    recorded_at: datetime,
    book_day: Callable[[datetime], date],
) -> None:
    """Write new root wallets, and what was issued to them in their books: wallets, lots, entries.

    Each book has wallets that do not exist yet; what moved happened at their owning locations. The operations of the
    books are written before, by `record_operations` in the same transaction.
    """
    copy_rows(cursor, "ledger_wallet", _WALLETS, _wallets(brand_id, books))
    copy_rows(cursor, "ledger_lot", _LOTS, _lots(brand_id, books))
    copy_rows(cursor, "ledger_entry", _ENTRIES, _entries(brand_id, books, recorded_at, book_day))


def _wallets(brand_id: int, books: Sequence[Book]) -> Iterator[Row]:
    for book in books:
        for wallet in book.wallets.values():
            yield (brand_id, wallet.id, *wallet.dimensions, wallet.last_seq, wallet.last_lot, wallet.last_at)


def _lots(brand_id: int, books: Sequence[Book]) -> Iterator[Row]:
    for book in books:
        for lot in book.lots:
            assert lot.hold_id is None, "nothing is held on a new wallet"
            yield (
                brand_id,
                lot.wallet_id,
                lot.no,
                lot.value_type_id,
                lot.return_related,
                lot.expires_at,
                lot.active_at,
                lot.remaining,
            )


def _entries(
    brand_id: int, books: Sequence[Book], recorded_at: datetime, book_day: Callable[[datetime], date]
) -> Iterator[Row]:
    for book in books:
        for each in book.postings:
            yield (
                brand_id,
                each.wallet_id,
                each.seq,
                book.operation_id,
                each.lot_no,
                each.value_type_id,
                int(each.kind),
                each.amount,
                each.lot_after,
                each.balance_after,
                each.occurred_at,
                recorded_at,
                book_day(each.occurred_at),
                *each.dimensions,
                each.dimensions[2],
                each.mutation_no,
            )
