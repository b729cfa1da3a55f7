"""couponDetails: how a coupon stands, and changes of it."""

from datetime import datetime
from functools import partial
from typing import Annotated

from msgspec import UNSET, UnsetType

from apps.coupons.core.life import Action, Coupon, Settings, Standing
from apps.coupons.core.states import CouponState
from apps.lookups.queries.coupon_details import coupon_details as read
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.answers import moment
from apps.merchant_api.wire.common import Input, OptionalCardNumber, Response
from apps.merchant_api.wire.fields import MOMENT, wire
from apps.transactions.operations.coupon_details import CouponChange, check_change, coupon_details

ACTIONS = ("details", "releaseReservation", "reserve", "unuse", "use", "useReservation")


class CouponDetailsRequest(Input, frozen=True, kw_only=True):
    """The coupon, and what to do with it."""

    reserve_until: Annotated[datetime | None, wire("With reserve: until when (UTC), at most 10 years ahead.")] = None
    new_custom_tags: Annotated[
        tuple[str, ...] | None, wire("Tags of the coupon from now on; an empty list removes all.")
    ] = None
    action: Annotated[str, wire("What to do.", allowed=ACTIONS, example="details")]
    new_allowed_cards: Annotated[
        tuple[str, ...] | None, wire("The cards that may use it from now on; an empty list: all may.")
    ] = None
    coupon_id: Annotated[str, wire("The coupon.", example="RYE-7KQ2MX")]
    new_expiration_date: Annotated[datetime | None, wire("When the coupon shall expire from now on (UTC).")] = None
    card_number: OptionalCardNumber = None


class CouponDetailsResponse(Response, kw_only=True):
    """The coupon, as it is after the call."""

    reserved_until: Annotated[str | UnsetType, wire("Until when it is reserved (UTC), if it is.", format=MOMENT)] = (
        UNSET
    )
    custom_tags: Annotated[list[str] | UnsetType, wire("Tags of the coupon.")] = UNSET
    is_allocated: Annotated[bool, wire("Whether it was given out.")] = False
    is_disabled: Annotated[bool, wire("Whether it waits for its checkout to be completed.")] = False
    is_used: Annotated[bool, wire("Whether it is used.")] = False
    allowed_with_cards: Annotated[list[str] | UnsetType, wire("The cards that may use it, unless all may.")] = UNSET
    expiration_date: Annotated[str | UnsetType, wire("When it expires (UTC), if it does.", format=MOMENT)] = UNSET


def reads(request: CouponDetailsRequest) -> bool:
    """Whether the call only asks how the coupon stands."""
    return _wanted(request).only_reads


def check(request: CouponDetailsRequest) -> None:
    """Refuse what the request alone shows."""
    check_change(_wanted(request))


def run(call: MerchantCall, request: CouponDetailsRequest) -> CouponDetailsResponse:
    """Show the coupon, or change it."""
    wanted, respond = _wanted(request), partial(_response, at=call.call.moment)
    if not wanted.only_reads:
        return call.change(coupon_details, respond, wanted=wanted)
    coupon = read(call=call.call, configuration=call.configuration, code=wanted.code, card_number=wanted.card_number)
    return respond(coupon)


def _wanted(request: CouponDetailsRequest) -> CouponChange:
    return CouponChange(
        code=request.coupon_id,
        action=Action(request.action),
        reserved_until=request.reserve_until,
        settings=Settings(
            tags=request.new_custom_tags,
            allowed_cards=request.new_allowed_cards,
            expires_at=request.new_expiration_date,
        ),
        card_number=request.card_number,
    )


def _response(coupon: Coupon, *, at: datetime) -> CouponDetailsResponse:
    is_reserved = coupon.standing(at) in (Standing.RESERVED, Standing.LOCKED)
    return CouponDetailsResponse(
        is_allocated=coupon.state is not CouponState.FREE,
        is_disabled=coupon.state is CouponState.DISABLED,
        is_used=coupon.state is CouponState.USED,
        reserved_until=moment(coupon.reserved_until) if is_reserved else UNSET,
        expiration_date=moment(coupon.expires_at),
        custom_tags=list(coupon.tags) or UNSET,
        allowed_with_cards=list(coupon.allowed_cards) or UNSET,
    )
