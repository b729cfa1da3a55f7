"""A card as read under its family's lock."""

from dataclasses import dataclass
from datetime import datetime

from apps.cards.core.status import ACTIVE, CardNotActive, CardStatus


@dataclass(frozen=True, slots=True)
class CardState:
    """What verbs need to know of a card. `pin` is still sealed; there is no family and no wallet before activation."""

    id: int
    number: str
    card_set_id: int
    status: CardStatus
    pin: bytes | None
    family_id: int | None
    wallet_id: int | None
    customer_id: int | None
    enrolled_at: datetime | None
    alternate_customer_id: int | None = None

    @property
    def was_activated(self) -> bool:
        """Whether the card ever held value; history and look-ups answer for such cards only."""
        return self.wallet_id is not None

    def require_active(self) -> tuple[int, int]:
        """The ids of family and own wallet; 11 if the card is not active."""
        if self.status not in ACTIVE or self.family_id is None or self.wallet_id is None:
            raise CardNotActive
        return self.family_id, self.wallet_id


@dataclass(frozen=True, slots=True)
class ChildState:
    """A child card. Status, PIN and family lock are its root's."""

    id: int
    number: str
    wallet_id: int
    customer_id: int | None
    alternate_customer_id: int | None
