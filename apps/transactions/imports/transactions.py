"""Import of past issues, redemptions and checkouts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from apps.cards.queries.read_cards import CardsRead, read_cards
from apps.jobs.core.batch import Batch, Faults
from apps.jobs.core.figures import Figures, Totals
from apps.jobs.core.rows import Row
from apps.kernel.amounts import at_scale
from apps.kernel.db.hot import Cursor
from apps.ledger.core.lots import Wallet
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call, DuplicateCustomRequestId
from apps.requestlog.unit import consumed_by
from apps.transactions.checkouts.basket import Shopper
from apps.transactions.imports.books import balances, read_clock
from apps.transactions.imports.cells import places_of
from apps.transactions.imports.movement_rows import COLUMNS, Movement, MovementReader, is_one_checkout
from apps.transactions.imports.rehearsal import OutOfOrder, Rehearsal, check_order
from apps.transactions.imports.setting import Setting
from apps.transactions.imports.verbs import Work, call_of, count_done_before, perform, was_done
from apps.transactions.operations.checkout import checkout
from apps.transactions.operations.update_balance import update_balance


class TransactionsImporter:
    """Makes past movements by updateBalance and checkout, at the moments of the rows and in their order.

    Value cannot move before what is already booked on the card: rows of a card stand in the order of their dates, and
    a card whose balance was imported takes only checkouts without payments from before.
    """

    columns = COLUMNS
    batch_rows = 500
    each_row_commits = True
    tables = ("requestlog_operation", "ledger_lot", "ledger_entry", "checkouts_checkout", "checkouts_line")

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._places = places_of(setting.names)
        self._rehearsal = Rehearsal()

    def goes_on(self, earlier: Row, later: Row) -> bool:
        """Rows of one checkout are done together. One that cannot be read may be of the checkout beside it."""
        return bool(earlier.fault or later.fault) or is_one_checkout(self._places, earlier, later)

    def decide(self, cursor: Cursor, rows: Sequence[Row], *, now: datetime, is_rehearsal: bool) -> Batch:
        """Check every cell, every card and the order of dates; then, unless it is a rehearsal, make the movements."""
        configuration, closed_through = read_clock(cursor, self._setting.configuration)
        self._setting = replace(self._setting, configuration=configuration)
        reader = MovementReader(
            configuration=configuration,
            places=self._places,
            location=self._setting.location,
            closed_through=closed_through,
            now=now,
        )
        batch = Batch()
        movements = list(self._movements(batch, rows, reader, is_rehearsal=is_rehearsal))
        numbers = sorted({each.card_number for each in movements if each.card_number is not None})
        found = read_cards(cursor, brand_id=configuration.brand_id, numbers=numbers)
        works = [self._work(movement, found, now) for movement in movements]
        perform(cursor, batch, works, is_rehearsal=is_rehearsal)
        return batch

    def write(self, cursor: Cursor, batch: Batch, *, now: datetime) -> None:
        """Nothing: each movement was written by itself."""

    def balances(self, cursor: Cursor) -> Figures | None:
        """The brand's balances now."""
        return balances(cursor, self._setting.configuration)

    def booked(self, cursor: Cursor) -> Figures | None:
        """Unknown: what else a movement sets off is booked with it."""
        return None

    def _movements(
        self, batch: Batch, rows: Sequence[Row], reader: MovementReader, *, is_rehearsal: bool
    ) -> Iterator[Movement]:
        """The movements of rows, those of one checkout taken together; what is wrong goes into the batch."""
        batch.whole(rows)
        for group, unread in self._groups(rows):
            faults = [Faults() for _ in group]
            if unread is not None and is_one_checkout(self._places, group[0], group[-1]):
                faults[0].add("", f"Line {unread.line} cannot be read and may be of the same checkout.")
            movement = reader.read(group, faults)
            if movement is not None:
                yield movement
                continue
            if not is_rehearsal and was_done(self._setting, group[0].line):
                count_done_before(batch, group)
                continue
            guilty = next(row for row, found in zip(group, faults, strict=True) if found)
            for row, found in zip(group, faults, strict=True):
                if not found:
                    found.add("", f"See line {guilty.line}, which is of the same checkout.")
                batch.refuse(row, found)

    def _groups(self, rows: Sequence[Row]) -> Iterator[tuple[list[Row], Row | None]]:
        """Rows that belong together, and one just before or behind them that cannot be read."""
        group: list[Row] = []
        unread: Row | None = None
        for row in rows:
            if group and (row.fault or not self.goes_on(group[-1], row)):
                yield group, row if row.fault else unread
                group, unread = [], None
            if row.fault:
                unread = row
            else:
                group.append(row)
        if group:
            yield group, unread

    def _work(self, movement: Movement, found: CardsRead, now: datetime) -> Work:
        setting = self._setting
        call = call_of(
            setting,
            movement.rows[0].line,
            now=now,
            moment=movement.at,
            location_id=movement.location.id,
            terminal_id=movement.terminal_id,
            external_id=movement.external_id,
        )
        return Work(
            rows=movement.rows,
            run=partial(_make, call, setting.configuration, movement, found),
            rehearse=partial(self._rehearsal.play, movement, found, setting.configuration),
            count=partial(_count, movement, found, setting.configuration),
        )


def _make(call: Call, configuration: Configuration, movement: Movement, found: CardsRead) -> None:
    """Call the verb. A row that is out of order only because it was done before is done."""
    card = found.cards.get(movement.card_number or "")
    wallet = found.wallets.get(card.wallet_id) if card is not None and card.wallet_id is not None else None
    if wallet is not None:
        _check_order(call, movement, wallet)
    if movement.change is not None:
        assert movement.card_number is not None
        update_balance(call=call, configuration=configuration, card_number=movement.card_number, wanted=movement.change)
    elif movement.basket is not None:
        shopper = Shopper(card_number=movement.card_number)
        checkout(call=call, configuration=configuration, shopper=shopper, basket=movement.basket)
    if wallet is not None and movement.moves_value:
        wallet.last_at = max(wallet.last_at, movement.at)


def _check_order(call: Call, movement: Movement, wallet: Wallet) -> None:
    try:
        check_order(movement, wallet)
    except OutOfOrder:
        assert call.digest is not None
        original = consumed_by(brand_id=call.brand_id, digest=call.digest)
        if original is None:
            raise
        raise DuplicateCustomRequestId(original) from None


def _count(movement: Movement, found: CardsRead, configuration: Configuration, totals: Totals) -> None:
    if movement.card_number is None:
        totals.counted.add("(no card)", movement.kind)
        return
    card_set = configuration.card_sets[found.card(movement.card_number).card_set_id]
    totals.counted.add(card_set.code, movement.kind)
    for balance_type, code, amount in movement.moves:
        value_type = configuration.programs[card_set.program_id].value_type(balance_type, code)
        totals.balances.add(card_set.code, value_type.name, at_scale(amount, value_type.scale))
