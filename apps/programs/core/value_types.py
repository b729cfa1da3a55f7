"""Which value types make sense."""

import re
from decimal import Decimal

from apps.kernel.amounts import fits
from apps.kernel.errors import InvalidInput
from apps.kernel.value_types import BalanceType

SCALES = range(7)
LONGEST_CUSTOM_CODE = 64


class InvalidValueType(InvalidInput):
    """A value type that could not work."""


def check_kind(*, balance_type: str, balance_code: str, scale: int) -> None:
    """Currency needs an ISO 4217 code, Custom a code of its own, Points and Punches none; scales go from 0 to 6."""
    if balance_type not in set(BalanceType):
        raise InvalidValueType(f"There is no balance type {balance_type!r}.")
    if balance_type == BalanceType.CURRENCY and not re.fullmatch(r"[A-Z]{3}", balance_code):
        raise InvalidValueType("The code of a currency is the three capital letters of ISO 4217.")
    if balance_type == BalanceType.CUSTOM and not re.fullmatch(rf"\S{{1,{LONGEST_CUSTOM_CODE}}}", balance_code):
        raise InvalidValueType(
            f"A custom balance needs a code of 1 to {LONGEST_CUSTOM_CODE} characters without spaces."
        )
    if not BalanceType(balance_type).has_code and balance_code:
        raise InvalidValueType(f"{balance_type} have no code.")
    if scale not in SCALES:
        raise InvalidValueType("A scale is a number of decimals from 0 to 6.")


def check_bounds(*, scale: int, minimum: Decimal | None, maximum: Decimal | None) -> None:
    """Both bounds are amounts of the scale, not negative, and in order. None: no bound."""
    for bound in (minimum, maximum):
        if bound is not None and (not bound.is_finite() or bound < 0 or not fits(bound, scale)):
            raise InvalidValueType(f"A bound is an amount of at least 0 with at most {scale} decimals.")
    if minimum is not None and maximum is not None and minimum > maximum:
        raise InvalidValueType("The smallest amount is larger than the largest.")
