"""Words of the outbox: channels, states, purposes, and why a message was not sent. Pure."""

from enum import IntEnum, StrEnum


class Channel(StrEnum):
    """By which way a message goes. Direct messages stand in the answer of a call and never come here."""

    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"
    SOCIAL = "social"


class State(IntEnum):
    """What became of a message. UNSENT: it was not to go out; FAILED: it could not."""

    QUEUED = 1
    SENT = 2
    UNSENT = 3
    FAILED = 4


class Purpose(IntEnum):
    """CONFIRMATION asks for the confirmation of an opt-in, and so goes out before there is one."""

    NOTIFICATION = 1
    CONFIRMATION = 2


class Reason(StrEnum):
    """Why a message was not sent."""

    NO_CUSTOMER = "noCustomer"
    NO_ADDRESS = "noAddress"
    NOT_OPTED_IN = "notOptedIn"
    PENDING = "pendingConfirmation"
    GLOBALLY_OUT = "globallyOut"
    NOTHING_TO_CONFIRM = "nothingToConfirm"
    NO_SENDER = "noSender"
    TEMPLATE = "template"
    REFUSED = "refused"
    TOO_MANY_ATTEMPTS = "tooManyAttempts"


WORDS: dict[Reason, str] = {
    Reason.NO_CUSTOMER: "The card has no customer.",
    Reason.NO_ADDRESS: "The customer has no address of this channel.",
    Reason.NOT_OPTED_IN: "The customer has not opted in.",
    Reason.PENDING: "The opt-in waits for its confirmation.",
    Reason.GLOBALLY_OUT: "The address is opted out of everything.",
    Reason.NOTHING_TO_CONFIRM: "The opt-in that was to be confirmed needs no confirmation any more.",
    Reason.NO_SENDER: "The brand has no sender for this channel.",
    Reason.TEMPLATE: "The text could not be made from its template.",
    Reason.REFUSED: "The provider refused the message.",
    Reason.TOO_MANY_ATTEMPTS: "The provider could not be reached, or failed, too often.",
}
"""What people read for each reason."""

FAILURES = frozenset({Reason.REFUSED, Reason.TOO_MANY_ATTEMPTS})
"""Reasons of FAILED; all others are of UNSENT."""
