"""allocateCoupon: give a coupon out, drawn from its set or named."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from apps.brands.core.codes import check_code
from apps.coupons.core.life import Action, Coupon, CouponNotFound, Settings, step
from apps.coupons.core.terms import SetTerms
from apps.coupons.fragments import create_coupon, write_coupon
from apps.coupons.queries.lock_coupon import SHUFFLES, draw_coupon, lock_coupon
from apps.coupons.queries.read_coupon import CouponRead, next_coupon_id, read_coupon
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import ErrorCode, InvalidInput, Refusal
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.coupon_holder import Holder, coupon_plan, lock_holder, open_holder
from apps.transactions.under_lock import current, require_after


class CouponSetNotFound(Refusal):
    """The brand has no such coupon set, or it is switched off (22)."""

    code = ErrorCode.COUPON_SET_NOT_FOUND
    message = "There is no coupon set with this id."


class CouponSetDepleted(Refusal):
    """No coupon of the set is left to give out (16)."""

    code = ErrorCode.CARD_SET_DEPLETED
    message = "The coupon set has no free coupon left."


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponWish:
    """Which coupon, for whom, and with which tags (None: those it has) and expiry (None: its own, else its set's)."""

    set_code: str | None = None
    code: str | None = None
    create_if_new: bool = False
    card_number: str | None = None
    promotion_id: str | None = None
    allow_multiple: bool = False
    tags: tuple[str, ...] | None = None
    expires_at: datetime | None = None


def allocate_coupon(
    *, call: Call, configuration: Configuration, wanted: CouponWish, record: Record[Coupon] | None = None
) -> Coupon:
    """Allocate a random coupon of a set (of those that expire first), or the named one, or (`create_if_new`) create the
    named one in the set.

    With a card the coupon is given to it, which does not restrict its use; the promotion is kept with the coupon.
    9: neither or both of set and coupon (`create_if_new` needs both), a card without promotion, an expiry that has
    passed, a coupon that was allocated before or is of another set, a card that was ever given one of that promotion
    (unless `allow_multiple`) or as many of the set as it may get. Unknown or inactive card: 2, 11. Unknown set, or one
    that is switched off: 22; unknown coupon: 23; no free coupon in the set: 16; coupon busy: 26.
    """
    _check(wanted, call.moment)

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[Coupon]:
        holder = open_holder(cursor, call=call, configuration=configuration, locked=locked, number=wanted.card_number)
        coupon_id = _lock(cursor, call, wanted)
        found = read_coupon(
            cursor,
            brand_id=call.brand_id,
            coupon=coupon_id,
            set_code=wanted.set_code,
            wallet_id=holder.wallet_id if holder else None,
            promotion_id=wanted.promotion_id,
        )
        fresh = current(configuration, found.config, call)
        terms = _terms(found, wanted)
        _check_card(found, terms, wanted)
        allocation = _Allocation(call, fresh, terms, wanted, holder)
        if found.coupon is not None:
            return allocation.of_known(found.coupon)
        if wanted.code is None:
            raise CouponSetDepleted
        return allocation.of_new(Coupon(next_coupon_id(cursor), terms.id, wanted.code))

    return change(call=call, lock=lock_holder(wanted.card_number), decide=decide, record=record)


def _check(wanted: CouponWish, at: datetime) -> None:
    if wanted.create_if_new != bool(wanted.set_code and wanted.code) or not (wanted.set_code or wanted.code):
        raise InvalidInput("Send either couponSetId or couponId; both only, and always, with createIfNew.")
    if wanted.create_if_new and wanted.code is not None:
        check_code(wanted.code)
    if wanted.card_number is not None and not wanted.promotion_id:
        raise InvalidInput("cardNumber needs a promotionId.")
    require_after(wanted.expires_at, at, "expirationDate")


def _lock(cursor: Cursor, call: Call, wanted: CouponWish) -> int | None:
    if wanted.code is not None:
        return lock_coupon(cursor, brand_id=call.brand_id, code=wanted.code)
    assert wanted.set_code is not None
    return draw_coupon(
        cursor,
        brand_id=call.brand_id,
        set_code=wanted.set_code,
        drawn=secrets.randbelow(SHUFFLES),
        at=call.moment,
    )


def _terms(found: CouponRead, wanted: CouponWish) -> SetTerms:
    """The set out of which the coupon comes."""
    if wanted.set_code is None and found.coupon is None:
        raise CouponNotFound
    if found.terms is None or not found.terms.is_active:
        raise CouponSetNotFound
    return found.terms


def _check_card(found: CouponRead, terms: SetTerms, wanted: CouponWish) -> None:
    if wanted.card_number is None:
        return
    if found.has_promotion and not wanted.allow_multiple:
        raise InvalidInput("The card was given a coupon of this promotion before.")
    terms.check_limit(found.given_of_set)


@dataclass(frozen=True, slots=True)
class _Allocation:
    """One allocation out of a set, as far as it is known without the coupon."""

    call: Call
    configuration: Configuration
    terms: SetTerms
    wanted: CouponWish
    holder: Holder | None

    def of_known(self, coupon: Coupon) -> Plan[Coupon]:
        """The plan for a coupon that exists."""
        if coupon.set_id != self.terms.id:
            raise InvalidInput("The coupon exists in another coupon set.")
        after = self._allocated(coupon)
        written = write_coupon(
            brand_id=self.call.brand_id, operation_id=self.call.id, coupon=after, action=Action.ALLOCATE
        )
        return coupon_plan(self.call, self.holder, after, written)

    def of_new(self, coupon: Coupon) -> Plan[Coupon]:
        """The plan for a coupon that is created."""
        after = self._allocated(coupon)
        created = create_coupon(
            brand_id=self.call.brand_id,
            operation_id=self.call.id,
            coupon=after,
            action=Action.ALLOCATE,
            shuffle=secrets.randbelow(SHUFFLES),
        )
        return coupon_plan(self.call, self.holder, after, created, contested=("coupons_coupon_code",))

    def _allocated(self, coupon: Coupon) -> Coupon:
        at = self.call.moment
        default = coupon.expires_at or self.terms.default_expiry(at, self.configuration.zone)
        settings = Settings(tags=self.wanted.tags, expires_at=self.wanted.expires_at or default)
        allocated = step(coupon, Action.ALLOCATE, at=at, by=self.call.id, settings=settings)
        require_after(allocated.expires_at, at, "The expiry of the coupon set")
        wallet_id = self.holder.wallet_id if self.holder else None
        return replace(allocated, wallet_id=wallet_id, promotion_id=self.wanted.promotion_id)
