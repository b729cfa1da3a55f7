"""Import of past issues, redemptions and checkouts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from apps.cards.queries.read_cards import CardsRead, read_cards
from apps.jobs.core.batch import Batch, Faults
from apps.jobs.core.figures import Figures, Totals
from apps.jobs.core.rows import Row
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import Refusal
from apps.programs.core.configuration import Configuration
from apps.transactions.imports.books import balances, read_clock
from apps.transactions.imports.cells import places_of
from apps.transactions.imports.movement_rows import COLUMNS, Movement, MovementReader, is_one_checkout
from apps.transactions.imports.rehearsal import Rehearsal
from apps.transactions.imports.setting import Setting
from apps.transactions.imports.verbs import Work, call_of, perform, refuse
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
        """Rows of one checkout are done together."""
        return not (earlier.fault or later.fault) and is_one_checkout(self._places, earlier, later)

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
        movements = list(self._movements(batch, batch.whole(rows), reader))
        numbers = sorted({each.card_number for each in movements if each.card_number is not None})
        found = read_cards(cursor, brand_id=configuration.brand_id, numbers=numbers)
        scene = self._rehearsal.of(found) if is_rehearsal else Rehearsal().of(found)
        works = []
        return batch
