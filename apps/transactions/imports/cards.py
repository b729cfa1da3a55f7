"""Import of cards with their PINs and balances."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from apps.cards.core.status import CardStatus
from apps.cards.operations.insert_cards import NewCard, insert_cards
from apps.cards.operations.seal_pin import seal_pin
from apps.cards.queries.taken_numbers import taken_numbers
from apps.jobs.core.batch import Batch, Faults
from apps.jobs.core.figures import Figures
from apps.jobs.core.rows import Row
from apps.kernel.amounts import at_scale
from apps.kernel.db.hot import Cursor
from apps.kernel.ids import new_id
from apps.ledger.core.book import Book
from apps.ledger.core.days import book_days
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import Wallet
from apps.ledger.operations.open_wallets import new_wallet_ids, open_wallets
from apps.requestlog.core.kinds import CallType
from apps.requestlog.operations.record_operations import Imported, record_operations
from apps.transactions.imports.books import balances, booked, note_of, read_clock
from apps.transactions.imports.card_rows import CardReader, CardRow, card_columns
from apps.transactions.imports.setting import Setting


class CardsImporter:
    """Makes cards. Opening balances are adjustments at `moment`, the beginning of the import, at the location that owns
    the card: they are no sales. The card counts as allocated then, or at its activation if it has no balance: nobody
    visited a till, and no till can void it.
    """

    batch_rows = 5_000
    each_row_commits = False
    tables = ("cards_card", "requestlog_operation", "ledger_wallet", "ledger_lot", "ledger_entry")

    def __init__(self, setting: Setting) -> None:
        self.columns = card_columns(setting.configuration)
        self._setting = setting
        self._configuration = setting.configuration
        self._closed_through = date.min
        self._rehearsed: set[str] = set()

    def goes_on(self, earlier: Row, later: Row) -> bool:
        """Every row stands for itself."""
        return False

    def decide(self, cursor: Cursor, rows: Sequence[Row], *, now: datetime, is_rehearsal: bool) -> Batch:
        """Check every cell, and that nobody has the number: no card of the brand, no earlier row."""
        self._configuration, self._closed_through = read_clock(cursor, self._configuration)
        reader = CardReader(replace(self._setting, configuration=self._configuration))
        batch = Batch()
        whole, place = batch.whole(rows), self._setting.names.index("cardNumber")
        numbers = [row.cells[place] for row in whole]
        taken = taken_numbers(cursor, brand_id=self._configuration.brand_id, numbers=numbers)
        seen = self._rehearsed if is_rehearsal else set()
        for row, number in zip(whole, numbers, strict=True):
            faults = Faults()
            if number in taken:
                faults.add("cardNumber", "There is a card with this number already.")
            elif number in seen:
                faults.add("cardNumber", "The number stands in an earlier row.")
            card = reader.read(row, faults)
            if card is None:
                batch.refuse(row, faults)
            else:
                seen.add(number)
                _accept(batch, card)
        return batch

    def write(self, cursor: Cursor, batch: Batch, *, now: datetime) -> None:
        """Operations, wallets with their value, cards."""
        rows: list[CardRow] = batch.accepted
        brand_id = self._configuration.brand_id
        active = [row for row in rows if row.activated_at is not None]
        opened = [
            self._open(row, wallet_id)
            for row, wallet_id in zip(active, new_wallet_ids(cursor, len(active)), strict=True)
        ]
        operations = [operation for operation, _ in opened]
        record_operations(cursor, brand_id=brand_id, operations=operations, recorded_at=now)
        open_wallets(
            cursor,
            brand_id=brand_id,
            books=[book for _, book in opened],
            recorded_at=now,
            book_day=book_days(self._configuration.zone, self._closed_through),
        )
        wallets = {row.number: operation.family_id for row, operation in zip(active, operations, strict=True)}
        insert_cards(cursor, brand_id=brand_id, cards=(_card(row, wallets.get(row.number)) for row in rows))

    def balances(self, cursor: Cursor) -> Figures | None:
        """The brand's balances now."""
        return balances(cursor, self._configuration)

    def booked(self, cursor: Cursor) -> Figures | None:
        """What the ledger booked for this import."""
        return booked(cursor, self._configuration, job_id=self._setting.job_id, since=self._setting.moment)

    def _open(self, row: CardRow, wallet_id: int) -> tuple[Imported, Book]:
        assert row.activated_at is not None
        assert row.owner_id is not None
        is_demo = row.status is CardStatus.DEMO
        dimensions = (row.card_set.program_id, row.card_set.id, row.owner_id, is_demo)
        wallet = Wallet(wallet_id, dimensions, last_seq=0, last_lot=0, last_at=row.activated_at)
        operation = Imported(
            id=new_id(),
            call_type=CallType.ALLOCATE,
            occurred_at=self._setting.moment if row.balances else row.activated_at,
            family_id=wallet_id,
            location_id=row.owner_id,
            note=note_of(self._setting.job_id, row.line),
        )
        book = Book.open(operation_id=operation.id, moment=operation.occurred_at, wallets=[wallet], lots=())
        for value_type, amount, expires_at in row.balances:
            book.issue(
                wallet_id=wallet_id,
                value_type_id=value_type.id,
                amount=amount,
                kind=EntryKind.ADJUST,
                expires_at=expires_at,
            )
        return operation, book


def _accept(batch: Batch, row: CardRow) -> None:
    batch.accepted.append(row)
    code = row.card_set.code
    batch.totals.counted.add(code, f"cards {row.status.wire_name}")
    for value_type, amount, _ in row.balances:
        batch.totals.balances.add(code, value_type.name, at_scale(amount, value_type.scale))


def _card(row: CardRow, wallet_id: int | None) -> NewCard:
    return NewCard(
        number=row.number,
        card_set_id=row.card_set.id,
        status=row.status,
        pin=seal_pin(row.pin) if row.pin is not None else None,
        custom_number=row.custom_number,
        wallet_id=wallet_id,
        activated_at=row.activated_at,
        enrolled_at=row.enrolled_at,
    )
