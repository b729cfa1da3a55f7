"""reactivate: make a suspended card active again."""

from typing import Annotated

from msgspec import UNSET, UnsetType

from apps.merchant_api.wire.common import CardNumber, ForcePin, Input, Pin, Response
from apps.merchant_api.wire.fields import wire


class ReactivateRequest(Input, frozen=True, kw_only=True):
    """The card."""

    force_pin_validation: ForcePin = False
    pin: Pin = None
    card_number: CardNumber


class ReactivateResponse(Response, kw_only=True):
    """The card is active."""

    transaction_id: Annotated[
        str | UnsetType, wire("Reference of this change, equal to requestRef.", addition=True)
    ] = UNSET
