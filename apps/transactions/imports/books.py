"""What importers read of the books: the brand's clock, its balances, and what an import booked."""

from collections.abc import Sequence
from datetime import date, datetime

from psycopg.rows import TupleRow

from apps.jobs.core.figures import Figures
from apps.kernel.amounts import at_scale
from apps.kernel.db.hot import Cursor
from apps.programs.core.configuration import Configuration, InvalidCredentials
from apps.programs.queries.configuration import reload_configuration
from apps.requestlog.core.kinds import Origin

_CLOCK = "SELECT config, closed_through FROM brands_clock WHERE brand_id = %(brand)s"

_BALANCES = """SELECT w.card_set_id, l.value_type_id, sum(l.remaining) FROM ledger_lot l
 JOIN ledger_wallet w ON w.brand_id = l.brand_id AND w.id = l.wallet_id
 WHERE l.brand_id = %(brand)s AND l.open GROUP BY w.card_set_id, l.value_type_id"""

_BOOKED = """SELECT e.card_set_id, e.value_type_id, sum(e.amount) FROM ledger_entry e
 JOIN requestlog_operation o ON o.brand_id = e.brand_id AND o.id = e.operation_id
 WHERE e.brand_id = %(brand)s AND e.recorded_at >= %(since)s AND o.origin = %(origin)s AND o.note LIKE %(note)s
 GROUP BY e.card_set_id, e.value_type_id"""


def note_of(job_id: int, line: int) -> str:
    """What operations of an import say of where they come from."""
    return f"import {job_id}, line {line}"


def read_clock(cursor: Cursor, configuration: Configuration) -> tuple[Configuration, date]:
    """The configuration as it is now (read anew if it changed), and the day through which the books are closed."""
    row = cursor.execute(_CLOCK, {"brand": configuration.brand_id}).fetchone()
    assert row is not None, "the brand has no clock"
    number, closed_through = row
    if number != configuration.number:
        loaded = reload_configuration(configuration)
        if loaded is None:
            raise InvalidCredentials("The brand was switched off.")
        configuration = loaded
    return configuration, closed_through


def balances(cursor: Cursor, configuration: Configuration) -> Figures:
    """What all cards of the brand hold, by card set and value type, held and delayed value too."""
    rows = cursor.execute(_BALANCES, {"brand": configuration.brand_id}).fetchall()
    return _figures(cursor, rows, configuration)


def booked(cursor: Cursor, configuration: Configuration, *, job_id: int, since: datetime) -> Figures:
    """What the ledger booked for an import."""
    params = {
        "brand": configuration.brand_id,
        "since": since,
        "origin": int(Origin.IMPORT),
        "note": note_of(job_id, 0).removesuffix("0") + "%",
    }
    return _figures(cursor, cursor.execute(_BOOKED, params).fetchall(), configuration)


def _figures(cursor: Cursor, rows: Sequence[TupleRow], configuration: Configuration) -> Figures:
    # read after the rows: they may name a value type that was made since the last batch
    configuration, _ = read_clock(cursor, configuration)
    figures = Figures()
    for card_set_id, value_type_id, amount in rows:
        value_type = configuration.value_types[value_type_id]
        code = configuration.card_sets[card_set_id].code
        figures.add(code, value_type.name, at_scale(amount, value_type.scale))
    return figures
