"""The account at the other end of an entry."""

from enum import IntEnum


class EntryKind(IntEnum):
    """HOLD, RELEASE and RECLASSIFY have no outside: their entries sum to zero per operation and value type."""

    ISSUE = 1
    REDEEM = 2
    HOLD = 3
    RELEASE = 4
    EXPIRE = 5
    ADJUST = 6
    TRANSFER_OUT = 7
    TRANSFER_IN = 8
    CONVERT = 9
    VOID = 10
    RETURN = 11
    RECLASSIFY = 12
