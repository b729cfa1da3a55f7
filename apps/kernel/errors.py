"""Error codes of the JSON API and the one exception that carries them.

    Refusal                     a call that must not happen; nothing was changed
      <names beside their use>  each function that refuses has its own small subclass beside it

A broken invariant is not a refusal: it is an `AssertionError` and becomes code 1.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, ClassVar


class ErrorCode(IntEnum):
    """The numbers that clients compare. Names and values are the published ones."""

    INTERNAL_SERVER_ERROR = 1
    CARD_NOT_FOUND = 2
    DUPLICATE_CUSTOM_REQUEST_ID = 3
    CONCURRENT_CARD_ACCESS = 4
    INVALID_CREDENTIALS = 5
    REQUEST_FORMAT = 6
    CARD_SET_NOT_FOUND = 7
    TRANSACTION_NOT_FOUND = 8
    INVALID_INPUT = 9
    INVALID_PIN = 10
    CARD_NOT_ACTIVE = 11
    BALANCE_NOT_FOUND = 12
    BALANCE_LIMITS_EXCEEDED = 13
    CHECKOUT_IN_PROGRESS = 14
    CHECKOUT_NOT_LOCKED = 15
    CARD_SET_DEPLETED = 16
    METHOD_NOT_FOUND = 17
    CONCURRENT_CHANNEL_ACCESS = 18
    INCONSISTENT_CARD_DATA = 19
    INCOMPATIBLE_BALANCES = 20
    UNRESOLVED_HOLDS = 21
    COUPON_SET_NOT_FOUND = 22
    COUPON_NOT_FOUND = 23
    COUPON_NOT_ALLOCATED = 24
    COUPON_RESERVATION_STATE = 25
    CONCURRENT_COUPON_ACCESS = 26
    INVALID_COUPONS = 27
    CONCURRENT_REQUEST_ACCESS = 28
    REQUEST_NOT_FOUND = 29
    REQUEST_ALREADY_VOIDED = 30
    REQUEST_TYPE_NOT_VALID = 31
    REQUEST_HEADERS_FORMAT = 32
    COUPONS_NOT_USED = 52


class Refusal(Exception):
    """A call that is refused with `code`; `message` is for people, `extra` goes into the answer as further fields,
    `explanation` into the log.

    Subclasses set `code` and, where the words never vary, `message`.
    """

    code: ClassVar[ErrorCode]
    message: str = ""
    explanation: Any = None

    def __init__(self, message: str | None = None, *, extra: Mapping[str, Any] | None = None) -> None:
        self.message = message if message is not None else self.message
        self.extra: Mapping[str, Any] = extra or {}
        super().__init__(self.message)


class InvalidInput(Refusal):
    """Right type, but a value or a combination that is not allowed (9)."""

    code = ErrorCode.INVALID_INPUT
