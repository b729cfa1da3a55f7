"""A card as read under its family's lock."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from apps.cards.core.status import ACTIVE, CardNotActive, CardStatus
from apps.kernel.amounts import ZERO
from apps.kernel.errors import ErrorCode, Refusal


class CheckoutInProgress(Refusal):
    """A locking setup keeps the card and its children until it is completed, cancelled or over (14)."""

    code = ErrorCode.CHECKOUT_IN_PROGRESS

    def __init__(self, setup: UUID) -> None:
        super().__init__(
            "A checkout is in progress on this card; checkoutSetupTransactionId names its setup.",
            extra={"checkoutSetupTransactionId": str(setup)},
        )


@dataclass(frozen=True, slots=True)
class CheckoutLock:
    """The lock of the setup `by`, over at `until`. Value types in `except_ids` stay usable; `room` has, for each of
    them, what must stay free below its maximum."""

    until: datetime
    by: UUID
    except_ids: tuple[int, ...] = ()
    room: tuple[Decimal, ...] = ()

    def leaves(self, value_type_id: int) -> bool:
        """Whether value of this type may be moved in spite of the lock."""
        return value_type_id in self.except_ids

    def room_for(self, value_type_id: int) -> Decimal:
        """What must stay free below the maximum of a value type that may be moved."""
        return dict(zip(self.except_ids, self.room, strict=True)).get(value_type_id, ZERO)


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
    lock: CheckoutLock | None = None

    @property
    def was_activated(self) -> bool:
        """Whether the card ever held value; history and look-ups answer for such cards only."""
        return self.wallet_id is not None

    def require_active(self) -> tuple[int, int]:
        """The ids of family and own wallet; 11 if the card is not active."""
        if self.status not in ACTIVE or self.family_id is None or self.wallet_id is None:
            raise CardNotActive
        return self.family_id, self.wallet_id

    def locked_at(self, now: datetime) -> CheckoutLock | None:
        """The checkout lock in force at a moment of the clock. One that is over counts no more, tidied up or not."""
        return self.lock if self.lock is not None and self.lock.until > now else None

    def require_unlocked(self, now: datetime) -> None:
        """14 while a checkout lock is in force."""
        lock = self.locked_at(now)
        if lock is not None:
            raise CheckoutInProgress(lock.by)


@dataclass(frozen=True, slots=True)
class ChildState:
    """A child card. Status, PIN and family lock are its root's."""

    id: int
    number: str
    wallet_id: int
    customer_id: int | None
    alternate_customer_id: int | None
