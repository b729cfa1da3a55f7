"""What a book works on: wallets and lots as read under the lock, and the postings that come out."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

Kind = tuple[int, int, bool, datetime | None, datetime | None, UUID | None]
"""Wallet, value type, return flag, expiry, activation, hold: at most one open lot has the same."""


@dataclass(slots=True)
class Wallet:
    """A wallet as read under the lock. `dimensions` are program, card set, owning location and demo flag."""

    id: int
    dimensions: tuple[int, int, int, bool]
    last_seq: int
    last_lot: int
    last_at: datetime
    is_changed: bool = False
    is_new: bool = False


@dataclass(slots=True)
class Lot:
    """Value of one kind in one wallet. `remaining` is never negative."""

    wallet_id: int
    no: int
    value_type_id: int
    return_related: bool
    expires_at: datetime | None
    active_at: datetime | None
    hold_id: UUID | None
    hold_until: datetime | None
    remaining: Decimal
    is_new: bool = False
    is_changed: bool = False

    @property
    def kind(self) -> Kind:
        """What tells this lot from the other open ones."""
        return (
            self.wallet_id,
            self.value_type_id,
            self.return_related,
            self.expires_at,
            self.active_at,
            self.hold_id,
        )

    @property
    def due_at(self) -> datetime | None:
        """When this lot is released (held) or expires (free); None for never."""
        return self.hold_until if self.hold_id is not None else self.expires_at

    def is_free(self, at: datetime) -> bool:
        """Whether this lot can be spent at that moment without naming a hold."""
        return (
            self.hold_id is None
            and (self.active_at is None or self.active_at <= at)
            and (self.expires_at is None or self.expires_at > at)
        )


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry to be written: `amount` moved into (+) or out of (-) the lot."""

    wallet_id: int
    seq: int
    lot_no: int
    value_type_id: int
    hold_id: UUID | None
    kind: int
    amount: Decimal
    lot_after: Decimal
    balance_after: Decimal
    occurred_at: datetime
    dimensions: tuple[int, int, int, bool]
    mutation_no: int
    reverses_seq: int | None


@dataclass(frozen=True, slots=True)
class PastEntry:
    """An entry of an operation to be undone, with the kind of its lot."""

    wallet_id: int
    seq: int
    lot_no: int
    value_type_id: int
    hold_id: UUID | None
    kind: int
    amount: Decimal
    return_related: bool
    expires_at: datetime | None
    active_at: datetime | None
    mutation_no: int = 0

    @property
    def lot_kind(self) -> Kind:
        """The kind of the lot that the entry moved."""
        return (
            self.wallet_id,
            self.value_type_id,
            self.return_related,
            self.expires_at,
            self.active_at,
            self.hold_id,
        )
