"""The read statement of the hot path: the brand's clock, the named cards, their wallets and open lots.

One row for each card: lots come as arrays, so that a card with many does not repeat itself with each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.cards.core.state import CardState, CheckoutLock, ChildState
from apps.cards.core.status import CardNotFound, CardStatus, ChildNotFound
from apps.cards.queries.numbers import named, places
from apps.kernel.db.hot import Cursor
from apps.kernel.readings import Places, Reading, columns, params_of
from apps.ledger.core.lots import Lot, Wallet

_READ = """SELECT k.config, k.closed_through,
 c.id, c.number, c.card_set_id, c.status, c.pin, c.family_id, c.wallet_id, c.customer_id, c.enrolled_at,
 c.alternate_customer_id, c.locked_until, c.locked_by, c.lock_except, c.lock_room,
 w.id, w.program_id, w.card_set_id, w.owner_location_id, w.is_demo, w.last_seq, w.last_lot, w.last_at,
 l.*{child}{readings}
 FROM brands_clock k
 LEFT JOIN cards_card c ON c.brand_id = k.brand_id AND c.number IN ({numbers})
 {wallets}
 LEFT JOIN LATERAL (SELECT array_agg(o.no) AS no, array_agg(o.value_type_id), array_agg(o.return_related),
  array_agg(o.expires_at), array_agg(o.active_at), array_agg(o.hold_id), array_agg(o.hold_until),
  array_agg(o.remaining) AS remaining
  FROM ledger_lot o WHERE o.brand_id = c.brand_id AND o.wallet_id = w.id AND o.open) l ON true
 WHERE k.brand_id = %(brand)s"""
_OWN_WALLET = "LEFT JOIN ledger_wallet w ON w.brand_id = c.brand_id AND w.id = c.wallet_id"
# one row for the root's wallet, one for the child's
_BOTH_WALLETS = """LEFT JOIN cards_childcard h ON h.brand_id = c.brand_id AND h.family_id = c.family_id
  AND h.number = %(child)s
 LEFT JOIN ledger_wallet w ON w.brand_id = c.brand_id AND w.id IN (c.wallet_id, h.wallet_id)"""
_CHILD_COLUMNS = ", h.id, h.number, h.wallet_id, h.customer_id, h.alternate_customer_id"
_ROOT_PLACES = Places(whose="c.wallet_id", holder="c.customer_id", since="c.activated_at")
_CHILD_PLACES = Places(whose="h.wallet_id", holder="h.customer_id", since="h.activated_at")
_WITHOUT_CHILD = _READ.replace("{child}", "").replace("{wallets}", _OWN_WALLET)
_WITH_CHILD = _READ.replace("{child}", _CHILD_COLUMNS).replace("{wallets}", _BOTH_WALLETS)

_CLOCK, _CARD, _LOCK, _WALLET, _LOTS, _CHILD = (
    slice(0, 2),
    slice(2, 12),
    slice(12, 16),
    slice(16, 24),
    slice(24, 32),
    slice(32, 37),
)


@dataclass(slots=True)
class CardsRead:
    """What the read statement saw. `config` and `closed_through` are the brand clock's."""

    config: int
    closed_through: date
    cards: dict[str, CardState] = field(default_factory=dict)
    wallets: dict[int, Wallet] = field(default_factory=dict)
    lots: list[Lot] = field(default_factory=list)
    child: ChildState | None = None
    readings: dict[str, Any] = field(default_factory=dict)

    def require_child(self) -> ChildState:
        """The child card that was asked for, or 2."""
        if self.child is None:
            raise ChildNotFound
        return self.child

    def card(self, number: str) -> CardState:
        """A card by its number, or 2."""
        try:
            return self.cards[number]
        except KeyError:
            raise CardNotFound from None


def read_cards(
    cursor: Cursor,
    *,
    brand_id: int,
    numbers: Sequence[str],
    child_number: str | None = None,
    readings: Sequence[Reading] = (),
) -> CardsRead:
    """Read after the lock, with a snapshot of its own. Works without any number too: the clock is always there.

    `child_number` names a child of the (only) card; `readings` are about it, or the card.
    """
    text, params, where = _WITHOUT_CHILD, {"brand": brand_id, **named(numbers)}, _ROOT_PLACES
    if child_number is not None:
        text, params, where = _WITH_CHILD, params | {"child": child_number}, _CHILD_PLACES
    text = text.replace("{numbers}", places(numbers)).replace("{readings}", columns(readings, where))
    params |= params_of(readings)
    rows = cursor.execute(text, params, binary=True).fetchall()  # Django reads moments as text, and slowly
    config, closed_through = rows[0][_CLOCK]
    found = CardsRead(config, closed_through)
    if readings:
        names = (each.name for each in readings)
        found.readings = dict(zip(names, rows[0][-len(readings) :], strict=True))
    for row in rows:
        if row[_CARD.start] is not None:
            _add(found, row, has_child=child_number is not None)
    return found


def _add(found: CardsRead, row: tuple[Any, ...], *, has_child: bool) -> None:
    card_id, number, card_set_id, status, *rest = row[_CARD]
    facts = [*rest, _lock(*row[_LOCK])]
    found.cards[number] = CardState(card_id, number, card_set_id, CardStatus(status), *facts)
    if has_child and row[_CHILD.start] is not None:
        found.child = ChildState(*row[_CHILD])
    wallet_id, program_id, set_id, owner_id, is_demo, last_seq, last_lot, last_at = row[_WALLET]
    if wallet_id is None:
        return
    found.wallets[wallet_id] = Wallet(wallet_id, (program_id, set_id, owner_id, is_demo), last_seq, last_lot, last_at)
    if row[_LOTS.start] is not None:
        found.lots.extend(Lot(wallet_id, *lot) for lot in zip(*row[_LOTS], strict=True))


def _lock(
    until: datetime | None, by: UUID | None, except_ids: list[int] | None, room: list[Decimal] | None
) -> CheckoutLock | None:
    if until is None or by is None:
        return None
    return CheckoutLock(until, by, tuple(except_ids or ()), tuple(room or ()))
