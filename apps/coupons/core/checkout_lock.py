"""What the lock of a checkout does to coupons. Pure: the life of a coupon in `core.life` knows these states, but none
of its actions leads into them or out of them."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from apps.coupons.core.life import Coupon
from apps.coupons.core.states import CouponState

RESERVE, USE, FREE, ISSUE, ENABLE = (
    "reserveForCheckout",
    "useByCheckout",
    "freeFromCheckout",
    "issueDisabled",
    "enable",
)
"""The steps, as they are kept."""


def reserved(coupon: Coupon, *, by: UUID, until: datetime) -> Coupon:
    """A usable coupon is kept for the setup `by`."""
    return _next(coupon, CouponState.RESERVED, reserved_by=by, reserved_until=until)


def used(coupon: Coupon, *, of: UUID, at: datetime, by: UUID) -> Coupon:
    """The setup `of` is completed by `by`. What was kept for it is used, even if it has expired since."""
    assert (coupon.state, coupon.reserved_by) == (CouponState.RESERVED, of), "a promised coupon is not there any more"
    return _next(coupon, CouponState.USED, used_at=at, used_by=by)


def is_kept(coupon: Coupon, *, of: UUID) -> bool:
    """Whether the coupon is still kept for the setup `of`."""
    return coupon.state is CouponState.RESERVED and coupon.reserved_by == of


def freed(coupon: Coupon) -> Coupon:
    """The setup for which it was kept is given up."""
    return _next(coupon, CouponState.ALLOCATED)


def disabled(coupon: Coupon) -> Coupon:
    """A coupon that a setup allocates, in the same step: nobody can use it before the setup is completed."""
    return replace(coupon, state=CouponState.DISABLED)


def enabled(coupon: Coupon) -> Coupon:
    """The setup that allocated it is completed."""
    assert coupon.state is CouponState.DISABLED, "a coupon that a setup issued is not disabled any more"
    return _next(coupon, CouponState.ALLOCATED)


def _next(
    coupon: Coupon,
    state: CouponState,
    *,
    used_at: datetime | None = None,
    used_by: UUID | None = None,
    reserved_until: datetime | None = None,
    reserved_by: UUID | None = None,
) -> Coupon:
    return replace(
        coupon,
        state=state,
        used_at=used_at,
        used_by=used_by,
        reserved_until=reserved_until,
        reserved_by=reserved_by,
        last_step=coupon.last_step + 1,
    )
