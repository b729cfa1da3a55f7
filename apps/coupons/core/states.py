"""The states in which a coupon is stored."""

from enum import IntEnum


class CouponState(IntEnum):
    """FREE: in the set, not allocated. RESERVED ends by itself at `reserved_until`. DISABLED: allocated by a locking
    setup that was not completed."""

    FREE = 1
    ALLOCATED = 2
    RESERVED = 3
    USED = 4
    DISABLED = 5
