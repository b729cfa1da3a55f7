"""The bases of all wire types, what several of them share, and the answer to a refused call."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Struct, UnsetType

from apps.merchant_api.wire.fields import wire

BALANCE_TYPES = ("Currency", "Custom", "Points", "Punches")
CALL_TYPES = (
    "ACCOUNT_HISTORY",
    "ALLOCATE",
    "CHECKOUT_CANCEL",
    "CHECKOUT_COMPLETE",
    "CHECKOUT_SETUP",
    "REPORTING",
    "RETURN_MERCHANDISE",
    "SEARCH",
    "TRANSFER",
    "UPDATE_ACCOUNT",
    "UPDATE_BALANCE",
    "VOID",
    "VOID_CHECKOUT",
)


class Input(Struct, frozen=True, kw_only=True, rename="camel"):
    """A request or a part of one. Optional fields are None, lists `()`, where the client sent nothing."""


class Output(Struct, kw_only=True, rename="camel"):
    """An answer or a part of one. Optional fields are UNSET, and then left out, where there is no value."""


class Shared(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A part that clients send and get back: None as in Input, left out as in Output.

    msgspec leaves out plain defaults only; a field that an answer always shows has a `default_factory`.
    """


class Response(Output, kw_only=True):
    """What every answer says. The pipeline writes the reference; a method that returns at all has succeeded."""

    request_ref: Annotated[str, wire("Unique reference of this call.", required=True)] = ""
    success: Annotated[bool, wire("Whether the call was carried out.", required=True, default=False)] = True
    error_message: Annotated[str | UnsetType, wire("For people: why the call was refused.")] = UNSET
    error_code: Annotated[int | UnsetType, wire("Why the call was refused, as a published number.")] = UNSET


class ErrorResponse(Output, kw_only=True):
    """The answer to a refused call, whatever the method."""

    request_ref: Annotated[str, wire("Unique reference of this call.")]
    success: Annotated[bool, wire("Always false.", required=True)] = False
    error_message: Annotated[str, wire("For people: why the call was refused.")]
    error_code: Annotated[int, wire("Why the call was refused, as a published number.")]
    checkout_setup_transaction_id: Annotated[
        str | UnsetType, wire("With 14: the checkout setup that locks the card.", addition=True)
    ] = UNSET
    original_request_ref: Annotated[
        str | UnsetType, wire("With 3: the call that used this customRequestId first.", addition=True)
    ] = UNSET
    blocking_coupons: Annotated[list[str] | UnsetType, wire("With 27: the coupons that stand in the way.")] = UNSET
    unused_coupons: Annotated[list[str] | UnsetType, wire("With 52: the coupons that no rule used.")] = UNSET


# Annotations that several requests share.
CardNumber = Annotated[str, wire("Number of the card.", example="6000123400000178")]
OptionalCardNumber = Annotated[str | None, wire("Number of the card.", identifier=True, example="6000123400000178")]
ChildCardNumber = Annotated[str | None, wire("Number of a child card of this card.", identifier=True, json_v2=True)]
Pin = Annotated[str | None, wire("PIN of the card.", secret=True, zero_pad=4)]
ForcePin = Annotated[bool, wire("Refuse the call unless `pin` is the PIN of the card.")]
CustomRequestDate = Annotated[
    datetime | None,
    wire("When this really happened (UTC), for imports.", brand_feature="customRequestDate", addition=True),
]
