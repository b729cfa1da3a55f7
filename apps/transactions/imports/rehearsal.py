"""What past movements would do to cards, played in memory with the ledger's own books."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from apps.cards.core.state import CardState
from apps.cards.queries.read_cards import CardsRead
from apps.kernel.errors import InvalidInput
from apps.kernel.ids import new_id
from apps.ledger.core.book import Book
from apps.ledger.core.lots import Lot, Wallet
from apps.programs.core.configuration import Configuration, Program
from apps.transactions.imports.movement_rows import Movement


class OutOfOrder(InvalidInput):
    """Value would move before what is already booked on the card."""

    message = (
        "The date lies before the last movement of the card. Rows of a card stand in the order of their dates, and"
        " before its balance is imported."
    )


def check_order(movement: Movement, wallet: Wallet) -> None:
    """Refuse value that moves before the wallet's last movement, or before the card's activation."""
    if movement.moves_value and movement.at < wallet.last_at:
        raise OutOfOrder


@dataclass(slots=True)
class Rehearsal:
    """The cards that rows have touched so far, as they would be by now."""

    _wallets: dict[int, tuple[Wallet, Sequence[Lot]]] = field(default_factory=dict)

    def play(self, movement: Movement, found: CardsRead, configuration: Configuration) -> None:
        """Do in memory what the verb would do; refuses what it would refuse. `found` is the card as stored."""
        if movement.card_number is None:
            return
        card = found.card(movement.card_number)
        _, wallet_id = card.require_active()
        wallet, lots = self._wallets.get(wallet_id) or (
            found.wallets[wallet_id],
            [lot for lot in found.lots if lot.wallet_id == wallet_id],
        )
        check_order(movement, wallet)
        book = Book.open(
            operation_id=new_id(),
            moment=movement.at,
            wallets=[replace(wallet)],
            lots=[replace(lot) for lot in lots],
        )
        _move(book, movement, card, configuration.program_of(card.card_set_id))
        self._wallets[wallet_id] = book.wallets[wallet_id], [lot for lot in book.lots if lot.remaining]


def _move(book: Book, movement: Movement, card: CardState, program: Program) -> None:
    assert card.wallet_id is not None
    for balance_type, code, amount in movement.moves:
        value_type = program.value_type(balance_type, code)
        value_type.check_scale(abs(amount))
        if amount > 0:
            value_type.check_issue(amount, present=book.total(card.wallet_id, value_type.id))
            expires_at = movement.change.expires_at if movement.change is not None else None
            book.issue(wallet_id=card.wallet_id, value_type_id=value_type.id, amount=amount, expires_at=expires_at)
        else:
            value_type.check_redeem(-amount)
            book.redeem(wallet_id=card.wallet_id, value_type_id=value_type.id, amount=-amount)
