"""The book of one operation: wallets and open lots in, postings out. Pure; everything that moves value is decided here.

Amounts are `Decimal` at the value type's scale. A `Book` settles first: what lapsed or expired up to its moment is
released or expired before anything else happens. Refusals leave the book half-written; the caller throws it away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from apps.kernel.amounts import ZERO
from apps.kernel.errors import ErrorCode, Refusal
from apps.ledger.core.kinds import EntryKind

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
SETTLED = 0
"""Mutation number of what a book settled before its own work: not a part of the call's business."""


class TooLittleBalance(Refusal):
    """There is less free balance than asked for (13)."""

    code = ErrorCode.BALANCE_LIMITS_EXCEEDED
    message = "The card does not hold enough balance of this type."


class HoldNotFound(Refusal):
    """The hold is unknown, finished, or of another card (8)."""

    code = ErrorCode.TRANSACTION_NOT_FOUND
    message = "There is no open hold with this transaction id on the card."


class HoldOfAnotherType(Refusal):
    """The hold holds another value type than the one to redeem (9)."""

    code = ErrorCode.INVALID_INPUT
    message = "The hold was made on another value type."


@dataclass(slots=True)
class Wallet:
    """A wallet as read under the lock. `dimensions` are program, card set, owning location and demo flag."""

    id: int
    dimensions: tuple[int, int, int, bool]
    last_seq: int
    last_lot: int
    last_at: datetime
    is_changed: bool = False


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
    cause: UUID | None


@dataclass(frozen=True, slots=True)
class PastEntry:
    """An entry of an operation to be voided, with the kind of its lot."""

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


@dataclass(slots=True)
class Book:
    """What one operation does to the wallets it locked."""

    operation_id: UUID
    at: datetime
    wallets: dict[int, Wallet]
    lots: list[Lot]
    postings: list[Posting] = field(default_factory=list)
    mutation_no: int = SETTLED

    @classmethod
    def open(cls, *, operation_id: UUID, moment: datetime, wallets: Iterable[Wallet], lots: Iterable[Lot]) -> "Book":
        """Start at `moment`, or at the wallets' last movement if that is later, and settle what is due by then."""
        known = {wallet.id: wallet for wallet in wallets}
        at = max([moment, *(wallet.last_at for wallet in known.values())])
        book = cls(operation_id, at, known, list(lots))
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
        """Add value. Limits are the caller's business (`ledger.core.limits`)."""
        self._next_mutation()
        lot = self._lot_of_kind(wallet_id, value_type_id, return_related, expires_at, active_at, None, None)
        self._move(lot, amount, kind)

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
        self._next_mutation()
        return self._take(self.spending_order(wallet_id, value_type_id), amount, kind, take_what_is_there)

    def hold(self, *, wallet_id: int, value_type_id: int, amount: Decimal, until: datetime | None = None) -> None:
        """Move free value, in spending order, into lots of this operation's hold. Too little: 13."""
        self._next_mutation()
        left = amount
        for lot in self.spending_order(wallet_id, value_type_id):
            part = min(left, lot.remaining)
            self._move(lot, -part, EntryKind.HOLD)
            self._move(self._like(lot, self.operation_id, until), part, EntryKind.HOLD)
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
        self._next_mutation()
        left = self._take(sorted(held, key=_spending_rank), amount, EntryKind.REDEEM, take_what_is_there=True)
        if left:
            free = self.spending_order(wallet_id, value_type_id)
            left = self._take(free, left, EntryKind.REDEEM, take_what_is_there)
        if release_rest:
            self._next_mutation()
            for lot in held:
                self._release(lot, lot.remaining, EntryKind.RELEASE)
            self.settle()
        return left

    def void(self, entries: Sequence[PastEntry], *, take_what_is_free: bool) -> dict[int, Decimal]:
        """Undo the entries of one or several operations; returns the shortfall by value type.

        What was redeemed goes back to its kind (to its hold if that is still open); a hold releases what is left of
        it; a release stays, since a finished hold is not reopened; what was issued is taken from the same lot first,
        then in spending order. Too little: 13, unless `take_what_is_free`.
        """
        self._next_mutation()
        shortfall: dict[int, Decimal] = {}
        undone = [entry for entry in entries if entry.kind in _UNDONE_ONE_BY_ONE]
        for entry in undone:
            if entry.amount < 0:
                self._give_back(entry)
        self._undo_holds([entry for entry in entries if entry.kind == EntryKind.HOLD])
        for entry in undone:
            if entry.amount > 0:
                missing = self._take_back(entry)
                if missing and not take_what_is_free:
                    raise TooLittleBalance
                if missing:
                    shortfall[entry.value_type_id] = shortfall.get(entry.value_type_id, ZERO) + missing
        self.settle()
        return shortfall

    def settle(self) -> None:
        """Release holds that lapsed and expire free value whose moment has come, in the order of those moments."""
        while due := [(moment, lot) for lot in self.lots if (moment := self._due_at(lot)) is not None]:
            moment, lot = min(due, key=lambda each: (each[0], each[1].no))
            if lot.hold_id is not None:
                self._release(lot, lot.remaining, EntryKind.RELEASE, at=moment, mutation_no=SETTLED)
            else:
                self._move(lot, -lot.remaining, EntryKind.EXPIRE, at=moment, mutation_no=SETTLED)

    # --- what there is -----------------------------------------------------------------------------------------------

    def total(self, wallet_id: int, value_type_id: int) -> Decimal:
        """All value of a type in a wallet: free, held and not yet active."""
        return sum(
            (lot.remaining for lot in self.lots if lot.wallet_id == wallet_id and lot.value_type_id == value_type_id),
            ZERO,
        )

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
        return sorted(free, key=_spending_rank)

    # --- how it moves ------------------------------------------------------------------------------------------------

    def _next_mutation(self) -> None:
        self.mutation_no += 1

    def _move(
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
                self.total(lot.wallet_id, lot.value_type_id),
                wallet.last_at,
                wallet.dimensions,
                self.mutation_no if mutation_no is None else mutation_no,
                reverses_seq,
                None,
            )
        )

    def _take(self, lots: Iterable[Lot], amount: Decimal, kind: EntryKind, take_what_is_there: bool) -> Decimal:
        left = amount
        for lot in lots:
            part = min(left, lot.remaining)
            self._move(lot, -part, kind)
            left -= part
            if not left:
                break
        if left and not take_what_is_there:
            raise TooLittleBalance
        return left

    def _release(
        self, lot: Lot, amount: Decimal, kind: EntryKind, *, at: datetime | None = None, mutation_no: int | None = None
    ) -> None:
        if not amount:
            return  # a used-up hold gives nothing back, and must not leave an empty lot behind
        free = self._like(lot, None, None)
        self._move(lot, -amount, kind, at=at, mutation_no=mutation_no)
        self._move(free, amount, kind, at=at, mutation_no=mutation_no)

    def _due_at(self, lot: Lot) -> datetime | None:
        moment = lot.hold_until if lot.hold_id is not None else lot.expires_at
        return moment if moment is not None and moment <= self.at and lot.remaining else None

    def _like(self, lot: Lot, hold_id: UUID | None, hold_until: datetime | None) -> Lot:
        return self._lot_of_kind(
            lot.wallet_id,
            lot.value_type_id,
            lot.return_related,
            lot.expires_at,
            lot.active_at,
            hold_id,
            hold_until,
        )

    def _lot_of_kind(
        self,
        wallet_id: int,
        value_type_id: int,
        return_related: bool,
        expires_at: datetime | None,
        active_at: datetime | None,
        hold_id: UUID | None,
        hold_until: datetime | None,
    ) -> Lot:
        if active_at is not None and active_at <= self.at:
            active_at = None
        kind = (wallet_id, value_type_id, return_related, expires_at, active_at, hold_id)
        for lot in self.lots:
            if kind == _kind_of(lot):
                return lot
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
        return lot

    # --- how it is undone --------------------------------------------------------------------------------------------

    def _give_back(self, entry: PastEntry) -> None:
        hold_id, hold_until = None, None
        if entry.hold_id is not None:
            still_open = [lot for lot in self.lots if lot.hold_id == entry.hold_id and lot.remaining]
            if still_open:
                hold_id, hold_until = entry.hold_id, still_open[0].hold_until
        lot = self._lot_of_kind(
            entry.wallet_id,
            entry.value_type_id,
            entry.return_related,
            entry.expires_at,
            entry.active_at,
            hold_id,
            hold_until,
        )
        self._move(lot, -entry.amount, EntryKind.VOID, reverses_seq=entry.seq)

    def _undo_holds(self, entries: Sequence[PastEntry]) -> None:
        """HOLD entries come in pairs: out of a free lot, into the held lot of the same kind."""
        for out, into in zip(entries[::2], entries[1::2], strict=True):
            held = next((lot for lot in self.lots if (lot.wallet_id, lot.no) == (into.wallet_id, into.lot_no)), None)
            if held is None or not held.remaining:
                continue
            part = min(held.remaining, into.amount)
            free = self._like(held, None, None)
            self._move(held, -part, EntryKind.VOID, reverses_seq=into.seq)
            self._move(free, part, EntryKind.VOID, reverses_seq=out.seq)

    def _take_back(self, entry: PastEntry) -> Decimal:
        own = [
            lot
            for lot in self.lots
            if lot.hold_id is None
            and lot.value_type_id == entry.value_type_id
            and ((lot.wallet_id, lot.no) == (entry.wallet_id, entry.lot_no) or _kind_of(lot) == _kind_of(entry))
        ]
        rest = [lot for lot in self.spending_order(entry.wallet_id, entry.value_type_id) if lot not in own]
        left = entry.amount
        for lot in own + rest:
            part = min(left, lot.remaining)
            self._move(lot, -part, EntryKind.VOID, reverses_seq=entry.seq)
            left -= part
            if not left:
                break
        return left


_UNDONE_ONE_BY_ONE = (EntryKind.ISSUE, EntryKind.REDEEM, EntryKind.ADJUST)


def _spending_rank(lot: Lot) -> tuple[bool, datetime, int]:
    return (not lot.return_related, lot.expires_at or NEVER, lot.no)


def _kind_of(lot: Lot | PastEntry) -> tuple[object, ...]:
    return (lot.wallet_id, lot.value_type_id, lot.return_related, lot.expires_at, lot.active_at, lot.hold_id)
