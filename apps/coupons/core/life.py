"""The life of a coupon: one table says what each action makes of it, or why it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, StrEnum, auto
from uuid import UUID

from apps.coupons.core.states import CouponState
from apps.kernel.errors import ErrorCode, InvalidInput, Refusal
from apps.kernel.typed import from_plain


class CouponNotFound(Refusal):
    """No coupon of the brand has this code, or it has expired (23)."""

    code = ErrorCode.COUPON_NOT_FOUND
    message = "There is no coupon with this id, or it has expired."


class CouponNotAllocated(Refusal):
    """The coupon is still free in its set (24)."""

    code = ErrorCode.COUPON_NOT_ALLOCATED
    message = "The coupon was not allocated yet."


class CouponReserved(Refusal):
    """The coupon is reserved, by a reservation or by a checkout (25)."""

    code = ErrorCode.COUPON_RESERVATION_STATE
    message = "The coupon is reserved."


class CouponNotReserved(Refusal):
    """There is no reservation to use or to release (25)."""

    code = ErrorCode.COUPON_RESERVATION_STATE
    message = "The coupon is not reserved."


class CouponDisabled(Refusal):
    """The coupon was issued by a checkout that was not completed (25)."""

    code = ErrorCode.COUPON_RESERVATION_STATE
    message = "The coupon is disabled."


class AlreadyAllocated(InvalidInput):
    """The coupon was allocated before (9)."""

    message = "The coupon was allocated before."


class AlreadyUsed(InvalidInput):
    """The coupon is used (9)."""

    message = "The coupon is used already."


class NotUsed(InvalidInput):
    """The coupon is not used (9)."""

    message = "The coupon is not used."


class PastExpiry(InvalidInput):
    """A coupon that has expired cannot be allocated any more (9)."""

    message = "The coupon has expired."


class Standing(Enum):
    """What a coupon is at a moment. LOCKED: reserved by a checkout's lock; DISABLED: issued by a locking setup that
    was not completed."""

    FREE = auto()
    ALLOCATED = auto()
    RESERVED = auto()
    LOCKED = auto()
    USED = auto()
    DISABLED = auto()
    EXPIRED = auto()


class Action(StrEnum):
    """What can be done with a coupon; the names are those of the wire, and steps keep them."""

    ALLOCATE = "allocate"
    DETAILS = "details"
    USE = "use"
    UNUSE = "unuse"
    RESERVE = "reserve"
    RELEASE = "releaseReservation"
    USE_RESERVATION = "useReservation"


TRANSFER = "transfer"
"""The step of a coupon that goes over to another card; it is nobody's action and changes no state."""

Outcome = CouponState | type[Refusal]

_FREE, _GIVEN, _KEPT, _USED = CouponState.FREE, CouponState.ALLOCATED, CouponState.RESERVED, CouponState.USED
_OFF = CouponState.DISABLED
_TWICE, _NEVER, _DONE, _UNDONE = AlreadyAllocated, CouponNotAllocated, AlreadyUsed, NotUsed
_HELD, _LOOSE, _BARRED, _GONE = CouponReserved, CouponNotReserved, CouponDisabled, CouponNotFound
_ROWS: Mapping[Standing, tuple[Outcome, ...]] = {
    #                   allocate details use     unuse    reserve  release  useReservation
    Standing.FREE: (_GIVEN, _FREE, _NEVER, _NEVER, _NEVER, _LOOSE, _LOOSE),
    Standing.ALLOCATED: (_TWICE, _GIVEN, _USED, _UNDONE, _KEPT, _LOOSE, _LOOSE),
    Standing.RESERVED: (_TWICE, _KEPT, _HELD, _HELD, _HELD, _GIVEN, _USED),
    Standing.LOCKED: (_TWICE, _KEPT, _HELD, _HELD, _HELD, _HELD, _HELD),
    Standing.USED: (_TWICE, _USED, _DONE, _GIVEN, _DONE, _LOOSE, _LOOSE),
    Standing.DISABLED: (_TWICE, _OFF, _BARRED, _BARRED, _BARRED, _LOOSE, _LOOSE),
    Standing.EXPIRED: (PastExpiry, _GONE, _GONE, _GONE, _GONE, _GONE, _GONE),
}
LIFE: Mapping[tuple[Standing, Action], Outcome] = {
    (standing, action): outcome for standing, row in _ROWS.items() for action, outcome in zip(Action, row, strict=True)
}
"""For each standing and action the state afterwards, or the refusal."""


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon as stored. `state` may be behind the clock; `standing` is what counts at a moment."""

    id: int
    set_id: int
    code: str
    state: CouponState = CouponState.FREE
    tags: tuple[str, ...] = ()
    allowed_cards: tuple[str, ...] = ()
    wallet_id: int | None = None
    promotion_id: str | None = None
    expires_at: datetime | None = None
    allocated_at: datetime | None = None
    used_at: datetime | None = None
    used_by: UUID | None = None
    reserved_until: datetime | None = None
    reserved_by: UUID | None = None
    last_step: int = 0

    def is_usable(self, at: datetime) -> bool:
        """Whether a checkout could use it at a moment, as far as the coupon itself goes."""
        return self.standing(at) is Standing.ALLOCATED

    def is_for(self, card_number: str | None) -> bool:
        """Whether that card (None: an anonymous customer) may use it."""
        return not self.allowed_cards or card_number in self.allowed_cards

    def standing(self, at: datetime) -> Standing:
        """What the coupon is at a moment: reservations end by themselves, and whatever expired is expired."""
        if self.expires_at is not None and self.expires_at <= at:
            return Standing.EXPIRED
        if self.state is not CouponState.RESERVED:
            return Standing[self.state.name]
        if self.reserved_until is not None and self.reserved_until <= at:
            return Standing.ALLOCATED
        return Standing.LOCKED if self.reserved_by is not None else Standing.RESERVED


read_coupon = from_plain(Coupon)
"""A coupon from the columns of its row, as JSON has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """New tags, allowed cards and expiry; None leaves one as it is, `()` removes all."""

    tags: tuple[str, ...] | None = None
    allowed_cards: tuple[str, ...] | None = None
    expires_at: datetime | None = None

    def __bool__(self) -> bool:
        """Whether anything is to be changed."""
        return self != UNCHANGED


UNCHANGED = Settings()


def step(
    coupon: Coupon,
    action: Action,
    *,
    at: datetime,
    by: UUID,
    reserved_until: datetime | None = None,
    settings: Settings = UNCHANGED,
) -> Coupon:
    """The coupon after one more step, made at a moment by an operation; the table's refusal otherwise.

    `reserved_until` goes with RESERVE. The settings apply with every action that is not refused.
    """
    outcome = LIFE[coupon.standing(at), action]
    if not isinstance(outcome, CouponState):
        raise outcome
    moved = _moved(coupon, outcome, at=at, by=by, reserved_until=reserved_until)
    return replace(
        moved,
        tags=coupon.tags if settings.tags is None else settings.tags,
        allowed_cards=coupon.allowed_cards if settings.allowed_cards is None else settings.allowed_cards,
        expires_at=settings.expires_at or coupon.expires_at,
        last_step=coupon.last_step + 1,
    )


def _moved(coupon: Coupon, state: CouponState, *, at: datetime, by: UUID, reserved_until: datetime | None) -> Coupon:
    """The coupon in another state, or in the same: what belongs to a state is kept while it lasts."""
    is_free, is_used = state is CouponState.FREE, state is CouponState.USED
    is_reserved = state is CouponState.RESERVED
    return replace(
        coupon,
        state=state,
        allocated_at=None if is_free else coupon.allocated_at or at,
        used_at=coupon.used_at or at if is_used else None,
        used_by=coupon.used_by or by if is_used else None,
        reserved_until=reserved_until or coupon.reserved_until if is_reserved else None,
        reserved_by=coupon.reserved_by if is_reserved and reserved_until is None else None,
    )
