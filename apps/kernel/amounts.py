"""Amounts: `Decimal` only. What a value type of scale s can hold has at most s decimals; nothing rounds silently."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

ZERO = Decimal(0)
LARGEST = Decimal("999999999999.999999")
"""The largest amount that numeric(18,6) holds."""


def fits(amount: Decimal, scale: int) -> bool:
    """Whether `amount` has at most `scale` decimals (trailing zeros do not count) and is not larger than a column."""
    return abs(amount) <= LARGEST and amount == amount.quantize(unit(scale), rounding=ROUND_DOWN)


def at_scale(amount: Decimal, scale: int) -> Decimal:
    """The same amount written with exactly `scale` decimals, half-up where it has more."""
    return amount.quantize(unit(scale), rounding=ROUND_HALF_UP)


def half_up(amount: Fraction, scale: int) -> Decimal:
    """An exact share (not below zero) at `scale`, half-up."""
    return Decimal(int(amount * 10**scale + Fraction(1, 2))).scaleb(-scale)


def with_digits(amount: Decimal, *, at_least: int) -> Decimal:
    """The amount with at least so many decimals; more only where it really has more."""
    exponent = amount.normalize().as_tuple().exponent
    assert isinstance(exponent, int), "an amount is a number"
    return at_scale(amount, max(at_least, -exponent))


def unit(scale: int) -> Decimal:
    """The smallest amount of a scale: 0.01 for 2, 1 for 0."""
    return _UNITS[scale]


_UNITS = tuple(Decimal(1).scaleb(-scale) for scale in range(7))
