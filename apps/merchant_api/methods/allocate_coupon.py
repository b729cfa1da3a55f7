"""allocateCoupon: give a coupon out."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, UnsetType

from apps.coupons.core.life import Coupon
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.common import Input, OptionalCardNumber, Response
from apps.merchant_api.wire.fields import wire
from apps.transactions.operations.allocate_coupon import CouponWish, allocate_coupon


class AllocateCouponRequest(Input, frozen=True, kw_only=True):
    """The coupon, or the set to pick one from; both only with createIfNew."""

    create_if_new: Annotated[
        bool, wire("Create the coupon in the set if there is none yet.", json_v2=True, brand_feature="createIfNew")
    ] = False
    custom_tags: Annotated[
        tuple[str, ...] | None, wire("Tags of the coupon from now on; an empty list removes all.")
    ] = None
    coupon_set_id: Annotated[str | None, wire("The set to take a coupon from.", identifier=True, example="welcome")] = (
        None
    )
    coupon_id: Annotated[str | None, wire("The coupon.", identifier=True)] = None
    card_number: OptionalCardNumber = None
    promotion_id: Annotated[
        str | None, wire("What the coupon is given for; needed with a card.", identifier=True, example="spring")
    ] = None
    expiration_date: Annotated[datetime | None, wire("When the coupon shall expire (UTC).")] = None
    allow_multiple_coupons: Annotated[bool, wire("Whether the card may have several coupons of the promotion.")] = False


class AllocateCouponResponse(Response, kw_only=True):
    """The coupon that was given out."""

    custom_tags: Annotated[list[str] | UnsetType, wire("Tags of the coupon.")] = UNSET
    coupon_id: Annotated[str | UnsetType, wire("The coupon.")] = UNSET
    allowed_with_cards: Annotated[list[str] | UnsetType, wire("The cards that may use it, unless all may.")] = UNSET


def run(call: MerchantCall, request: AllocateCouponRequest) -> AllocateCouponResponse:
    """Allocate the coupon."""
    wanted = CouponWish(
        set_code=request.coupon_set_id,
        code=request.coupon_id,
        create_if_new=request.create_if_new,
        card_number=request.card_number,
        promotion_id=request.promotion_id,
        allow_multiple=request.allow_multiple_coupons,
        tags=request.custom_tags,
        expires_at=request.expiration_date,
    )
    return call.change(allocate_coupon, _response, wanted=wanted)


def _response(coupon: Coupon) -> AllocateCouponResponse:
    return AllocateCouponResponse(
        coupon_id=coupon.code,
        custom_tags=list(coupon.tags) or UNSET,
        allowed_with_cards=list(coupon.allowed_cards) or UNSET,
    )
