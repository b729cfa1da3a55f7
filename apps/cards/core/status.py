"""The life of a card, as a table of allowed changes."""

from enum import IntEnum

from apps.kernel.errors import ErrorCode, Refusal


class CardNotFound(Refusal):
    """No card of the brand has this number (2)."""

    code = ErrorCode.CARD_NOT_FOUND
    message = "There is no card with this number."


class ChildNotFound(CardNotFound):
    """The card has no child card with this number (2)."""

    message = "The card has no child card with this number."


class CardNotActive(Refusal):
    """The card was never activated, or is not active any more (11)."""

    code = ErrorCode.CARD_NOT_ACTIVE
    message = "The card is not active."


class CardStatus(IntEnum):
    """Activated and Demo cards are active; all but Inventory and Distributed were activated once."""

    INVENTORY = 1
    DISTRIBUTED = 2
    ACTIVATED = 3
    DEMO = 4
    SUSPENDED = 5
    LOST = 6
    STOLEN = 7
    EXPIRED = 8
    CLOSED = 9
    TRANSFER = 10

    @property
    def wire_name(self) -> str:
        """The published name: `Activated`."""
        return self.name.capitalize()


ACTIVE = frozenset({CardStatus.ACTIVATED, CardStatus.DEMO})
NOT_YET_ACTIVATED = frozenset({CardStatus.INVENTORY, CardStatus.DISTRIBUTED})
BY_ADJUSTMENT = {
    status.wire_name: status
    for status in (CardStatus.LOST, CardStatus.STOLEN, CardStatus.SUSPENDED, CardStatus.EXPIRED, CardStatus.CLOSED)
}
"""What an accounting adjustment can make of an active card."""
