"""Origins of changes, and the wire's callType names."""

from enum import IntEnum

from apps.kernel.methods import METHODS


class Origin(IntEnum):
    """Who started a change."""

    API = 1
    PORTAL = 2
    TASK = 3
    IMPORT = 4


class CallType(IntEnum):
    """What kind of transaction an operation is. Numbers below 100 are the wire's callType names."""

    ALLOCATE = 1
    SEARCH = 2
    UPDATE_ACCOUNT = 3
    UPDATE_BALANCE = 4
    CHECKOUT_SETUP = 5
    CHECKOUT_COMPLETE = 6
    CHECKOUT_CANCEL = 7
    RETURN_MERCHANDISE = 8
    TRANSFER = 9
    VOID = 10
    VOID_CHECKOUT = 11
    ACCOUNT_HISTORY = 12
    REPORTING = 13
    SWEEP = 100
    REACTIVATE = 101
    COUPON = 102
    EVENT_TYPE = 103
    SUBSCRIPTION = 104
    ERASE = 105
    CAMPAIGN = 106
    MESSAGE = 107

    @property
    def wire_name(self) -> str | None:
        """The published name; None for kinds that have none."""
        return self.name if self < 100 else None


WIRE_CALL_TYPES = {kind.name: kind for kind in CallType if kind.wire_name}
"""Published callType names."""

METHOD_NUMBERS = {name: number for number, name in enumerate(METHODS)}
"""What the request log stores in place of a method's name."""
