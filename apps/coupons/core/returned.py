"""What a return of goods does to the coupons of its checkout. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from apps.coupons.core.life import Coupon, Standing
from apps.coupons.core.states import CouponState
from apps.kernel.errors import ErrorCode, Refusal

DISABLE = "disable"
"""The step of a coupon whose checkout was returned. That of one which can be used again is `unuse`."""


class Reset(StrEnum):
    """When used coupons can be used again; the names are those of the wire."""

    ON_FULL_RETURN = "OnlyOnFullReturn"
    NEVER = "Never"
    ALWAYS = "Always"


class IssuedCouponsUsed(Refusal):
    """Coupons that the checkout issued were used since, or another checkout has locked them (27)."""

    code = ErrorCode.INVALID_COUPONS

    def __init__(self, codes: Iterable[str]) -> None:
        super().__init__(
            "Coupons that the checkout issued were used since; blockingCoupons names them.",
            extra={"blockingCoupons": sorted(codes)},
        )


@dataclass(frozen=True, slots=True)
class TouchedCoupon:
    """A coupon that a checkout used, or was sent, or (`is_issued`) issued."""

    coupon: Coupon
    is_issued: bool


def freed(touched: Iterable[TouchedCoupon], *, checkout_id: UUID) -> list[Coupon]:
    """The coupons that are used, and by this checkout, as they can be used again. An expired one stays expired."""
    return [
        replace(
            each.coupon, state=CouponState.ALLOCATED, used_at=None, used_by=None, last_step=each.coupon.last_step + 1
        )
        for each in touched
        if each.coupon.state is CouponState.USED and each.coupon.used_by == checkout_id
    ]


def disabled(touched: Iterable[TouchedCoupon], *, at: datetime, fails_if_used: bool) -> list[Coupon]:
    """The coupons that this checkout issued, as nobody can use them any more. Those that were used since, or that
    another checkout's lock was promised: 27 with `fails_if_used`, else they are left alone."""
    issued = [each.coupon for each in touched if each.is_issued]
    too_late = [each for each in issued if each.state is CouponState.USED or each.standing(at) is Standing.LOCKED]
    if too_late and fails_if_used:
        raise IssuedCouponsUsed(each.code for each in too_late)
    return [
        replace(
            each,
            state=CouponState.DISABLED,
            reserved_until=None,
            reserved_by=None,
            last_step=each.last_step + 1,
        )
        for each in issued
        if each not in too_late and each.state is not CouponState.DISABLED
    ]
