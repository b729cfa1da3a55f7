"""The ledger's part of the one write statement: the only writer of wallets, lots and entries."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.kernel.fragments import Columns, Fragment, rows_fragment
from apps.ledger.core.book import SETTLED, Book
from apps.ledger.core.lots import Lot, Wallet

_NEW_WALLETS = """INSERT INTO ledger_wallet (brand_id, root_id, id, program_id, card_set_id, owner_location_id, is_demo,
 last_seq, last_lot, last_at) SELECT %(brand)s, %(root)s::bigint, u.* FROM {rows}"""
_NEW_WALLET_COLUMNS: Columns = (
    ("id", "bigint"),
    ("program", "bigint"),
    ("card_set", "bigint"),
    ("owner", "bigint"),
    ("demo", "bool"),
    ("seq", "bigint"),
    ("lot", "int"),
    ("at", "timestamptz"),
)

_WALLETS = """UPDATE ledger_wallet w SET last_seq = u.seq, last_lot = u.lot, last_at = u.at,
 owner_location_id = u.owner FROM {rows}
 WHERE w.brand_id = %(brand)s AND w.id = u.id"""
_WALLET_COLUMNS: Columns = (
    ("id", "bigint"),
    ("seq", "bigint"),
    ("lot", "int"),
    ("at", "timestamptz"),
    ("owner", "bigint"),
)

_NEW_LOTS = """INSERT INTO ledger_lot (brand_id, wallet_id, no, value_type_id, return_related, expires_at, active_at,
 hold_id, hold_until, remaining) SELECT %(brand)s, u.* FROM {rows}"""
_NEW_LOT_COLUMNS: Columns = (
    ("wallet", "bigint"),
    ("no", "int"),
    ("value_type", "bigint"),
    ("return_related", "bool"),
    ("expires", "timestamptz"),
    ("active", "timestamptz"),
    ("hold", "uuid"),
    ("until", "timestamptz"),
    ("remaining", "numeric"),
)

_CHANGED_LOTS = """UPDATE ledger_lot l SET remaining = u.remaining FROM {rows}
 WHERE l.brand_id = %(brand)s AND l.wallet_id = u.wallet AND l.no = u.no"""
_CHANGED_LOT_COLUMNS: Columns = (("wallet", "bigint"), ("no", "int"), ("remaining", "numeric"))

_ENTRIES = """INSERT INTO ledger_entry (brand_id, operation_id, recorded_at, wallet_id, seq, lot_no,
 value_type_id, hold_id, kind, amount, lot_after, balance_after, occurred_at, booked_on, program_id, card_set_id,
 owner_location_id, is_demo, mutation_no, reverses_seq, location_id)
 SELECT %(brand)s, %(operation)s, %(recorded)s, u.* FROM {rows}"""
_ENTRY_COLUMNS: Columns = (
    ("wallet", "bigint"),
    ("seq", "bigint"),
    ("lot", "int"),
    ("value_type", "bigint"),
    ("hold", "uuid"),
    ("kind", "smallint"),
    ("amount", "numeric"),
    ("lot_after", "numeric"),
    ("balance_after", "numeric"),
    ("occurred", "timestamptz"),
    ("booked", "date"),
    ("program", "bigint"),
    ("card_set", "bigint"),
    ("owner", "bigint"),
    ("demo", "bool"),
    ("mutation", "smallint"),
    ("reverses", "bigint"),
    ("location", "bigint"),
)

_VOIDS = """INSERT INTO ledger_void (brand_id, operation_id, by_operation_id, shortfall)
 SELECT %(brand)s, u.id, %(by)s, %(shortfall)s::jsonb FROM unnest(%(operations)s::uuid[]) u (id)"""

_CONVERSION = """INSERT INTO ledger_conversion (brand_id, operation_id, mutation_no, wallet_id, value_type_id, currency,
 amount, converted, rate, rate_id) VALUES (%(brand)s, %(operation)s, %(mutation)s, %(wallet)s, %(value_type)s,
 %(currency)s, %(amount)s, %(converted)s, %(rate)s, %(rate_id)s)"""


def open_wallet(
    *,
    brand_id: int,
    wallet_id: int,
    program_id: int,
    card_set_id: int,
    owner_location_id: int,
    is_demo: bool,
    at: datetime,
    root_id: int | None = None,
) -> Fragment:
    """An empty root wallet for a card that is being activated, or (`root_id`) a child card's below it."""
    dimensions = (program_id, card_set_id, owner_location_id, is_demo)
    return insert_wallets(brand_id=brand_id, wallets=[Wallet(wallet_id, dimensions, 0, 0, at)], root_id=root_id)


def insert_wallets(*, brand_id: int, wallets: Sequence[Wallet], root_id: int | None) -> Fragment:
    """Wallets that did not exist, with the counters that a book has given them."""
    program, card_set, owner, demo = zip(*(wallet.dimensions for wallet in wallets), strict=True)
    columns: dict[str, Sequence[Any]] = {
        "id": [wallet.id for wallet in wallets],
        "program": list(program),
        "card_set": list(card_set),
        "owner": list(owner),
        "demo": list(demo),
        "seq": [wallet.last_seq for wallet in wallets],
        "lot": [wallet.last_lot for wallet in wallets],
        "at": [wallet.last_at for wallet in wallets],
    }
    head = {"brand": brand_id, "root": root_id}
    return rows_fragment("new_wallets", _NEW_WALLETS, _NEW_WALLET_COLUMNS, columns, head)


def posting(
    *, brand_id: int, book: Book, recorded_at: datetime, book_day: Callable[[datetime], date], location_id: int | None
) -> list[Fragment]:
    """Everything a book did. `book_day` gives the brand's day in the books for a moment. Empty if nothing moved.

    A wallet that is new to the book is written by `insert_wallets`.
    """
    brand = {"brand": brand_id}
    fragments = []
    wallets = [wallet for wallet in book.wallets.values() if wallet.is_changed and not wallet.is_new]
    if wallets:
        fragments.append(rows_fragment("wallets", _WALLETS, _WALLET_COLUMNS, _wallet_columns(wallets), brand))
    if not book.postings:
        return fragments
    new = [lot for lot in book.lots if lot.is_new]
    if new:
        fragments.append(rows_fragment("new_lots", _NEW_LOTS, _NEW_LOT_COLUMNS, _new_lot_columns(new), brand))
    changed = [lot for lot in book.lots if lot.is_changed and not lot.is_new]
    if changed:
        fragments.append(
            rows_fragment("lots", _CHANGED_LOTS, _CHANGED_LOT_COLUMNS, _changed_lot_columns(changed), brand)
        )
    head = brand | {"operation": book.operation_id, "recorded": recorded_at}
    values = _entry_columns(book, book_day, location_id)
    fragments.append(rows_fragment("entries", _ENTRIES, _ENTRY_COLUMNS, values, head))
    return fragments


def voids(*, brand_id: int, operation_ids: list[UUID], by: UUID, shortfall: str | None) -> Fragment:
    """The rows that make a second void impossible. `shortfall` is JSON text: value type id to amount."""
    return Fragment(
        "voids",
        _VOIDS,
        {"brand": brand_id, "operations": operation_ids, "by": by, "shortfall": shortfall},
    )


def conversion(
    *,
    brand_id: int,
    operation_id: UUID,
    mutation_no: int,
    wallet_id: int,
    value_type_id: int,
    currency: str,
    amount: Decimal,
    converted: Decimal,
    rate: Decimal,
    rate_id: int,
) -> Fragment:
    """What was asked for in another currency, beside the mutation that took `converted` in the card's own."""
    return Fragment(
        "conversion",
        _CONVERSION,
        {
            "brand": brand_id,
            "operation": operation_id,
            "mutation": mutation_no,
            "wallet": wallet_id,
            "value_type": value_type_id,
            "currency": currency,
            "amount": amount,
            "converted": converted,
            "rate": rate,
            "rate_id": rate_id,
        },
    )


def _wallet_columns(wallets: Sequence[Wallet]) -> dict[str, Any]:
    return {
        "id": [wallet.id for wallet in wallets],
        "seq": [wallet.last_seq for wallet in wallets],
        "lot": [wallet.last_lot for wallet in wallets],
        "at": [wallet.last_at for wallet in wallets],
        "owner": [wallet.dimensions[2] for wallet in wallets],
    }


def _new_lot_columns(lots: Sequence[Lot]) -> dict[str, Any]:
    return {
        "wallet": [lot.wallet_id for lot in lots],
        "no": [lot.no for lot in lots],
        "value_type": [lot.value_type_id for lot in lots],
        "return_related": [lot.return_related for lot in lots],
        "expires": [lot.expires_at for lot in lots],
        "active": [lot.active_at for lot in lots],
        "hold": [lot.hold_id for lot in lots],
        "until": [lot.hold_until for lot in lots],
        "remaining": [lot.remaining for lot in lots],
    }


def _changed_lot_columns(lots: Sequence[Lot]) -> dict[str, Any]:
    return {
        "wallet": [lot.wallet_id for lot in lots],
        "no": [lot.no for lot in lots],
        "remaining": [lot.remaining for lot in lots],
    }


def _entry_columns(book: Book, book_day: Callable[[datetime], date], location_id: int | None) -> dict[str, Any]:
    postings = book.postings
    dimensions = list(zip(*(each.dimensions for each in postings), strict=True))
    return {
        "wallet": [each.wallet_id for each in postings],
        "seq": [each.seq for each in postings],
        "lot": [each.lot_no for each in postings],
        "value_type": [each.value_type_id for each in postings],
        "hold": [each.hold_id for each in postings],
        "kind": [int(each.kind) for each in postings],
        "amount": [each.amount for each in postings],
        "lot_after": [each.lot_after for each in postings],
        "balance_after": [each.balance_after for each in postings],
        "occurred": [each.occurred_at for each in postings],
        "booked": [book_day(each.occurred_at) for each in postings],
        "program": list(dimensions[0]),
        "card_set": list(dimensions[1]),
        "owner": list(dimensions[2]),
        "demo": list(dimensions[3]),
        "mutation": [each.mutation_no for each in postings],
        "reverses": [each.reverses_seq for each in postings],
        # what was merely settled happened nowhere: it must not depend on who came by first
        "location": [None if each.mutation_no == SETTLED else location_id for each in postings],
    }
