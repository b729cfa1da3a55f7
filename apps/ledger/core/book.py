"""The book of one operation: wallets and open lots in, postings out. Pure; what moves value is decided here, and in
`voids` and `transfers` with the same few moves.

Amounts are `Decimal` at the value type's scale. A `Book` settles first: what lapsed or expired up to its moment is
released or expired before anything else happens. Refusals leave the book half-written; the caller throws it away.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from heapq import heapify, heappop, heappush
from uuid import UUID

from apps.kernel.amounts import LARGEST, ZERO
from apps.kernel.errors import ErrorCode, InvalidInput, Refusal
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import Kind, Lot, Posting, Wallet

NEVER = datetime.max.replace(tzinfo=UTC)
SETTLED = 0
"""Mutation number of what a book settled before its own work: not a part of the call's business."""


class TooLittleBalance(Refusal):
    """There is less free balance than asked for (13)."""

    code = ErrorCode.BALANCE_LIMITS_EXCEEDED
    message = "The card does not hold enough balance of this type."


class TooMuchBalance(Refusal):
    """The balance would become larger than can be kept (13)."""

    code = ErrorCode.BALANCE_LIMITS_EXCEEDED
    message = f"A card cannot hold more than {LARGEST} of a balance."


class HoldNotFound(Refusal):
    """The hold is unknown, finished, or of another card (8)."""

    code = ErrorCode.TRANSACTION_NOT_FOUND
    message = "There is no open hold with this transaction id on the card."


class HoldOfAnotherType(InvalidInput):
    """The hold holds another value type than the one to redeem (9)."""

    message = "The hold was made on another value type."


@dataclass(slots=True)
class Book:
    """What one operation does to the wallets it locked."""

    operation_id: UUID
    at: datetime
    wallets: dict[int, Wallet]
    lots: list[Lot]
    postings: list[Posting] = field(default_factory=list)
    mutation_no: int = SETTLED
    by_kind: dict[Kind, Lot] = field(default_factory=dict)
    _totals: dict[tuple[int, int], Decimal] = field(default_factory=dict)

    @classmethod
    def open(cls, *, operation_id: UUID, moment: datetime, wallets: Iterable[Wallet], lots: Iterable[Lot]) -> "Book":
        """Start at `moment`, or at the wallets' last movement if that is later, and settle what is due by then."""
        known = {wallet.id: wallet for wallet in wallets}
        at = max([moment, *(wallet.last_at for wallet in known.values())])
        book = cls(operation_id, at, known, list(lots))
        for lot in book.lots:
            book.by_kind[lot.kind] = lot
            book._add_to_total(lot, lot.remaining)
        book.settle()
        return book

    # --- the verbs ---------------------------------------------------------------------------------------------------

    def issue(
        self,
        *,
        wallet_id: int,
        value_type_id: int,
        amount: Decimal,
        kind: EntryKind = EntryKind.ISSUE,
        return_related: bool = False,
        expires_at: datetime | None = None,
        active_at: datetime | None = None,
    ) -> None:
        """Add value. The bounds of the value type are the caller's business; what a column cannot hold: 13."""
        self.mutation_no += 1
        lot = self.lot_of_kind((wallet_id, value_type_id, return_related, expires_at, active_at, None), None)
        self.move(lot, amount, kind)

    def redeem(
        self,
        *,
        wallet_id: int,
        value_type_id: int,
        amount: Decimal,
        kind: EntryKind = EntryKind.REDEEM,
        take_what_is_there: bool = False,
    ) -> Decimal:
        """Take free value in spending order; returns what was missing. Too little: 13 unless `take_what_is_there`."""
        self.mutation_no += 1
        return self.take(self.spending_order(wallet_id, value_type_id), amount, kind, take_what_is_there)

    def hold(self, *, wallet_id: int, value_type_id: int, amount: Decimal, until: datetime | None = None) -> None:
        """Move free value, in spending order, into lots of this operation's hold. Too little: 13."""
        self.mutation_no += 1
        left = amount
        for lot in self.spending_order(wallet_id, value_type_id):
            part = min(left, lot.remaining)
            self.move(lot, -part, EntryKind.HOLD)
            self.move(self.like(lot, self.operation_id, until), part, EntryKind.HOLD)
            left -= part
            if not left:
                return
        raise TooLittleBalance

    def redeem_hold(
        self,
        *,
        wallet_id: int,
        value_type_id: int,
        hold_id: UUID,
        amount: Decimal,
        release_rest: bool,
        take_what_is_there: bool = False,
    ) -> Decimal:
        """Take from a hold, then from free value; returns what was missing. `release_rest` frees what the hold keeps.

        Unknown or finished hold: 8; hold of another value type: 9; too little in all: 13 unless `take_what_is_there`.
        """
        held = [lot for lot in self.lots if lot.wallet_id == wallet_id and lot.hold_id == hold_id and lot.remaining]
        if not held:
            raise HoldNotFound
        if any(lot.value_type_id != value_type_id for lot in held):
            raise HoldOfAnotherType
        self.mutation_no += 1
        left = self.take(sorted(held, key=spending_rank), amount, EntryKind.REDEEM, take_what_is_there=True)
        if left:
            free = self.spending_order(wallet_id, value_type_id)
            left = self.take(free, left, EntryKind.REDEEM, take_what_is_there)
        if release_rest:
            self.mutation_no += 1
            for lot in held:
                self.release(lot, at=self.at, mutation_no=self.mutation_no)
            self.settle()
        return left

    def settle(self) -> None:
        """Release holds that lapsed and expire free value whose moment has come, in the order of those moments."""
        due = [each for lot in self.lots if (each := self._due(lot)) is not None]
        heapify(due)
        while due:
            moment, *_, lot = heappop(due)
            if lot.hold_id is None:
                self.move(lot, -lot.remaining, EntryKind.EXPIRE, at=moment, mutation_no=SETTLED)
                continue
            free = self.release(lot, at=moment, mutation_no=SETTLED)
            follows = self._due(free)
            if follows is not None:
                heappush(due, follows)

    # --- what there is -----------------------------------------------------------------------------------------------

    def total(self, wallet_id: int, value_type_id: int) -> Decimal:
        """All value of a type in a wallet: free, held and not yet active."""
        return self._totals.get((wallet_id, value_type_id), ZERO)

    def spending_order(self, wallet_id: int, value_type_id: int) -> list[Lot]:
        """Free lots: return-related first, then earliest expiry, never-expiring last, then oldest."""
        free = (
            lot
            for lot in self.lots
            if lot.wallet_id == wallet_id
            and lot.value_type_id == value_type_id
            and lot.remaining
            and lot.is_free(self.at)
        )
        return sorted(free, key=spending_rank)

    # --- how it moves ------------------------------------------------------------------------------------------------

    def move(
        self,
        lot: Lot,
        amount: Decimal,
        kind: EntryKind,
        *,
        at: datetime | None = None,
        mutation_no: int | None = None,
        reverses_seq: int | None = None,
    ) -> None:
        if not amount:
            return
        lot.remaining += amount
        assert lot.remaining >= 0, "a lot went below zero"
        lot.is_changed = True
        total = self._add_to_total(lot, amount)
        if total > LARGEST:
            raise TooMuchBalance
        wallet = self.wallets[lot.wallet_id]
        wallet.is_changed = True
        wallet.last_seq += 1
        wallet.last_at = max(wallet.last_at, self.at if at is None else at)
        self.postings.append(
            Posting(
                lot.wallet_id,
                wallet.last_seq,
                lot.no,
                lot.value_type_id,
                lot.hold_id,
                kind,
                amount,
                lot.remaining,
                total,
                wallet.last_at,
                wallet.dimensions,
                self.mutation_no if mutation_no is None else mutation_no,
                reverses_seq,
            )
        )

    def _add_to_total(self, lot: Lot, amount: Decimal) -> Decimal:
        key = (lot.wallet_id, lot.value_type_id)
        total = self._totals[key] = self._totals.get(key, ZERO) + amount
        return total

    def take(
        self,
        lots: Iterable[Lot],
        amount: Decimal,
        kind: EntryKind,
        take_what_is_there: bool,
        reverses_seq: int | None = None,
    ) -> Decimal:
        left = amount
        for lot in lots:
            part = min(left, lot.remaining)
            self.move(lot, -part, kind, reverses_seq=reverses_seq)
            left -= part
            if not left:
                break
        if left and not take_what_is_there:
            raise TooLittleBalance
        return left

    def release(self, lot: Lot, *, at: datetime, mutation_no: int) -> Lot:
        """Free what a held lot keeps; returns where it went (the lot itself if it kept nothing)."""
        amount = lot.remaining
        if not amount:
            return lot
        free = self.like(lot, None, None)
        self.move(lot, -amount, EntryKind.RELEASE, at=at, mutation_no=mutation_no)
        self.move(free, amount, EntryKind.RELEASE, at=at, mutation_no=mutation_no)
        return free

    def _due(self, lot: Lot) -> tuple[datetime, int, int, Lot] | None:
        moment = lot.due_at
        return (
            (moment, lot.wallet_id, lot.no, lot) if moment is not None and moment <= self.at and lot.remaining else None
        )

    def like(self, lot: Lot, hold_id: UUID | None, hold_until: datetime | None) -> Lot:
        return self.lot_of_kind((*lot.kind[:5], hold_id), hold_until)

    def present(self, kind: Kind) -> Kind:
        """A kind without an activation that has passed."""
        wallet_id, value_type_id, return_related, expires_at, active_at, hold_id = kind
        if active_at is None or active_at > self.at:
            return kind
        return wallet_id, value_type_id, return_related, expires_at, None, hold_id

    def lot_of_kind(self, kind: Kind, hold_until: datetime | None) -> Lot:
        """The open lot of a kind, or a new one. An activation in the past is none."""
        kind = self.present(kind)
        wallet_id, value_type_id, return_related, expires_at, active_at, hold_id = kind
        known = self.by_kind.get(kind)
        if known is not None:
            return known
        wallet = self.wallets[wallet_id]
        wallet.last_lot += 1
        wallet.is_changed = True
        lot = Lot(
            wallet_id,
            wallet.last_lot,
            value_type_id,
            return_related,
            expires_at,
            active_at,
            hold_id,
            hold_until,
            ZERO,
            is_new=True,
        )
        self.lots.append(lot)
        self.by_kind[kind] = lot
        return lot


def spending_rank(lot: Lot) -> tuple[bool, bool, datetime, int]:
    return (not lot.return_related, lot.expires_at is None, lot.expires_at or NEVER, lot.no)
