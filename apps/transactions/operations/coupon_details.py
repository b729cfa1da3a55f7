"""couponDetails with a change: use, reserve and what undoes them, and new settings."""

from dataclasses import dataclass
from datetime import datetime

from apps.cards.core.numbers import check_number
from apps.coupons.core.life import UNCHANGED, Action, Coupon, CouponNotFound, Settings, step
from apps.coupons.fragments import write_coupon
from apps.coupons.queries.lock_coupon import lock_coupon
from apps.coupons.queries.read_coupon import read_coupon
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import ErrorCode, InvalidInput, Refusal
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.coupon_holder import Holder, coupon_plan, lock_holder, open_holder
from apps.transactions.under_lock import current, require_after

LONGEST_RESERVATION = 10
"""Years."""


class NotForThisCard(Refusal):
    """The coupon belongs to other cards than the one that the call names (27)."""

    code = ErrorCode.INVALID_COUPONS
    message = "The coupon is not for this card."


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponChange:
    """What to do with a coupon. `reserved_until` goes with `reserve`; settings go with every action."""

    code: str
    action: Action
    reserved_until: datetime | None = None
    settings: Settings = UNCHANGED
    card_number: str | None = None

    @property
    def only_reads(self) -> bool:
        """Whether the call asks for nothing but to see the coupon."""
        return self.action is Action.DETAILS and not self.settings


def coupon_details(
    *, call: Call, configuration: Configuration, wanted: CouponChange, record: Record[Coupon] | None = None
) -> Coupon:
    """Carry out one action and the new settings; the coupon as it is afterwards.

    Unknown or expired coupon: 23; further refusals are those of the table in `coupons.core.life` (9, 24, 25). 9: a
    reservation without moment, or one that has passed or lies over ten years ahead, a moment without reservation, a new
    expiry that has passed, a new allowed card that cannot be one. Coupon busy: 26. For `card_number` see `check_card`;
    unknown or inactive card: 2, 11.
    """
    check_change(wanted)
    _check_moments(wanted, call.moment)

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[Coupon]:
        holder = open_holder(cursor, call=call, configuration=configuration, locked=locked, number=wanted.card_number)
        coupon_id = lock_coupon(cursor, brand_id=call.brand_id, code=wanted.code)
        found = read_coupon(cursor, brand_id=call.brand_id, coupon=coupon_id)
        current(configuration, found.config, call)
        if found.coupon is None:
            raise CouponNotFound
        coupon = step(
            found.coupon,
            wanted.action,
            at=call.moment,
            by=call.id,
            reserved_until=wanted.reserved_until,
            settings=wanted.settings,
        )
        if holder is not None:
            _check_holder(found.coupon, wanted, holder)
        written = write_coupon(brand_id=call.brand_id, operation_id=call.id, coupon=coupon, action=wanted.action)
        return coupon_plan(call, holder, coupon, written)

    return change(call=call, lock=lock_holder(wanted.card_number), decide=decide, record=record)


def check_change(wanted: CouponChange) -> None:
    """Refuse (9) a reservation without its moment, a moment without reservation, and allowed cards that cannot be."""
    if (wanted.reserved_until is not None) != (wanted.action is Action.RESERVE):
        raise InvalidInput("reserveUntil goes with reserve, and reserve with reserveUntil.")
    for number in wanted.settings.allowed_cards or ():
        check_number(number)


def check_card(coupon: Coupon, *, card_number: str, wallet_id: int | None, changes_expiry: bool = False) -> None:
    """27 if the coupon is not for the card that a call names.

    Allowed cards bind whatever is done. That a coupon was given to another card does not restrict its use; but its
    expiry is changed in the name of the card that has it, if in the name of any.
    """
    is_barred = bool(coupon.allowed_cards) and card_number not in coupon.allowed_cards
    is_anothers = coupon.wallet_id is not None and coupon.wallet_id != wallet_id
    if is_barred or (changes_expiry and is_anothers):
        raise NotForThisCard


def _check_holder(coupon: Coupon, wanted: CouponChange, holder: Holder) -> None:
    check_card(
        coupon,
        card_number=holder.number,
        wallet_id=holder.wallet_id,
        changes_expiry=wanted.settings.expires_at is not None,
    )


def _check_moments(wanted: CouponChange, at: datetime) -> None:
    require_after(wanted.reserved_until, at, "reserveUntil")
    require_after(wanted.settings.expires_at, at, "newExpirationDate")
    if wanted.reserved_until is not None and wanted.reserved_until > _years_later(at, LONGEST_RESERVATION):
        raise InvalidInput(f"reserveUntil must lie at most {LONGEST_RESERVATION} years ahead.")


def _years_later(at: datetime, years: int) -> datetime:
    try:
        return at.replace(year=at.year + years)
    except ValueError:  # 29 February
        return at.replace(year=at.year + years, month=3, day=1)
