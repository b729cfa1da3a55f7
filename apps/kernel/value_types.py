"""Balance types and the key of a value type."""

from enum import StrEnum


class BalanceType(StrEnum):
    """The four kinds of balance. Currency and Custom need a code, Points and Punches have none."""

    CURRENCY = "Currency"
    CUSTOM = "Custom"
    POINTS = "Points"
    PUNCHES = "Punches"

    @property
    def has_code(self) -> bool:
        """Whether a value type of this balance type is told apart by a balance code."""
        return self in (BalanceType.CURRENCY, BalanceType.CUSTOM)
