"""What is true of every call, in words: headers, HTTP statuses and error codes. Documents and guide read it here."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.kernel.errors import ErrorCode


@dataclass(frozen=True, slots=True)
class Header:
    """One header of a request."""

    name: str
    required: bool
    text: str


HEADERS = (
    Header("Brand", True, "Id of the brand."),
    Header("Location", True, "Id of the location that calls."),
    Header("Terminal", True, "Id of the terminal that calls; it belongs to the location."),
    Header("customRequestId", False, "An id of your own. The call is carried out once, however often it is sent."),
    Header("externalTransactionId", False, "An id of your own to find the call by; many calls may share it."),
    Header("note", False, "A note that is kept with the call."),
    Header("employee", False, "Id of the employee who calls. Some brands demand it."),
    Header("employeePassword", False, "Password of that employee."),
)
"""All but `Authorization`, which every document has a form of its own for."""

AUTHORIZATION = "HTTP Basic, with the API key as user and its secret as password. Keys are made in the portal."

STATUSES: Mapping[int, str] = {
    400: "The call was refused; errorCode says why. Nothing was changed.",
    401: "Key, secret and brand do not fit together, or the key may not do this (errorCode 5).",
    404: "There is no such method (errorCode 17).",
    405: "Methods are called by POST (errorCode 17).",
    429: "The key has used up its calls of this minute (errorCode 4). Retry-After says how many seconds to wait.",
    500: "Our fault (errorCode 1). Send the call again with the same customRequestId.",
}
"""HTTP statuses beside 200. All have the same kind of body."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an error code says; `retry` marks those where the same call can succeed a moment later."""

    text: str
    retry: bool = False


CODES: Mapping[ErrorCode, Meaning] = {
    ErrorCode.INTERNAL_SERVER_ERROR: Meaning("Something broke on our side; nothing was half done.", retry=True),
    ErrorCode.CARD_NOT_FOUND: Meaning("The brand has no card of this number."),
    ErrorCode.DUPLICATE_CUSTOM_REQUEST_ID: Meaning(
        "A call with this customRequestId has succeeded before; originalRequestRef names it. Nothing was done twice."
    ),
    ErrorCode.CONCURRENT_CARD_ACCESS: Meaning("Other calls keep the card busy, or calls come too fast.", retry=True),
    ErrorCode.INVALID_CREDENTIALS: Meaning(
        "Key, secret and brand do not fit together, the key may not do this here, or the employee is wrong."
    ),
    ErrorCode.REQUEST_FORMAT: Meaning(
        "The body is no JSON object, lacks a required field, or has a value of the wrong type or form."
    ),
    ErrorCode.CARD_SET_NOT_FOUND: Meaning("The brand has no such card set."),
    ErrorCode.TRANSACTION_NOT_FOUND: Meaning(
        "The hold, setup or transaction is unknown, is over, or belongs to another card."
    ),
    ErrorCode.INVALID_INPUT: Meaning(
        "A value or a combination of values is not allowed; errorMessage names the field."
    ),
    ErrorCode.INVALID_PIN: Meaning("The PIN is wrong or missing, or was guessed at too often of late."),
    ErrorCode.CARD_NOT_ACTIVE: Meaning("The card is not active: not yet, or not any more."),
    ErrorCode.BALANCE_NOT_FOUND: Meaning(
        "The card's program has no such value type. For Currency and Custom, balanceCode belongs to its name."
    ),
    ErrorCode.BALANCE_LIMITS_EXCEEDED: Meaning(
        "There is too little on the card, or the amount leaves the limits of the value type."
    ),
    ErrorCode.CHECKOUT_IN_PROGRESS: Meaning(
        "A checkout in two steps has the card locked; checkoutSetupTransactionId names it."
    ),
    ErrorCode.CHECKOUT_NOT_LOCKED: Meaning(
        "The setup to complete or cancel holds no lock: it never did, its time is over, or it has been ended."
    ),
    ErrorCode.CARD_SET_DEPLETED: Meaning("No card, or no coupon, is left in the set."),
    ErrorCode.METHOD_NOT_FOUND: Meaning("There is no such method, or it was not called by POST."),
    ErrorCode.CONCURRENT_CHANNEL_ACCESS: Meaning("Other calls keep the customer's address busy.", retry=True),
    ErrorCode.INCONSISTENT_CARD_DATA: Meaning("What is stored about the card contradicts itself: tell support."),
    ErrorCode.INCOMPATIBLE_BALANCES: Meaning("The target card cannot hold all that the other one has."),
    ErrorCode.UNRESOLVED_HOLDS: Meaning("Value of the card is on hold, and the call was not told to ignore that."),
    ErrorCode.COUPON_SET_NOT_FOUND: Meaning("The brand has no such coupon set."),
    ErrorCode.COUPON_NOT_FOUND: Meaning("There is no such coupon, or it has expired."),
    ErrorCode.COUPON_NOT_ALLOCATED: Meaning("The coupon has not been given out yet."),
    ErrorCode.COUPON_RESERVATION_STATE: Meaning(
        "The coupon is reserved or disabled where it must not be, or is not reserved where it must be."
    ),
    ErrorCode.CONCURRENT_COUPON_ACCESS: Meaning("Other calls keep the coupon busy.", retry=True),
    ErrorCode.INVALID_COUPONS: Meaning("A coupon of the call cannot be used; blockingCoupons lists them."),
    ErrorCode.CONCURRENT_REQUEST_ACCESS: Meaning("A call with the same customRequestId is still running.", retry=True),
    ErrorCode.REQUEST_NOT_FOUND: Meaning("No call of this card has this reference."),
    ErrorCode.REQUEST_ALREADY_VOIDED: Meaning("The call has been taken back before."),
    ErrorCode.REQUEST_TYPE_NOT_VALID: Meaning("This cannot be done with a call of that kind."),
    ErrorCode.REQUEST_HEADERS_FORMAT: Meaning("A header is missing or malformed, or location and terminal do not fit."),
    ErrorCode.COUPONS_NOT_USED: Meaning("No campaign uses a coupon of the call; unusedCoupons lists them."),
}


def label(code: ErrorCode) -> str:
    """The published name of a code, for people."""
    return code.name.replace("_", " ").lower()
