"""The read statement of allocate: the clock, the card if there is one, and the id of the wallet it may get."""

from dataclasses import dataclass
from datetime import date

from apps.cards.core.state import CardState
from apps.cards.core.status import CardStatus
from apps.kernel.db.hot import Cursor

_READ = """SELECT k.config, k.closed_through, nextval('ledger_wallet_id_seq'), c.id, c.number, c.card_set_id, c.status,
 c.pin, c.family_id, c.wallet_id, c.customer_id, c.enrolled_at
 FROM brands_clock k LEFT JOIN cards_card c ON c.brand_id = k.brand_id AND {which} WHERE k.brand_id = %(brand)s"""
_BY_ID = _READ.format(which="c.id = %(card)s")
_BY_NUMBER = _READ.format(which="c.number = %(card)s")


@dataclass(frozen=True, slots=True)
class ForActivation:
    """`card` is None if there is none with that number."""

    config: int
    closed_through: date
    wallet_id: int
    card: CardState | None


def read_for_activation(cursor: Cursor, *, brand_id: int, card: int | str | None) -> ForActivation:
    """Read after the card's row was locked; `card` is an id or a number, None where no card was found."""
    text = _BY_ID if isinstance(card, int) else _BY_NUMBER
    row = cursor.execute(text, {"brand": brand_id, "card": card}).fetchone()
    assert row is not None, "the brand has no clock"
    config, closed_through, wallet_id, card_id, number, card_set_id, status, *rest = row
    state = None if card_id is None else CardState(card_id, number, card_set_id, CardStatus(status), *rest)
    return ForActivation(config, closed_through, wallet_id, state)
