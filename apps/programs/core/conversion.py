"""Converting amounts from one currency into another. Pure and exact: products have more digits than Decimal keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from itertools import permutations
from math import ceil

from apps.kernel.amounts import LARGEST, unit
from apps.kernel.currencies import is_currency
from apps.kernel.errors import InvalidInput

RATE_SCALE = 12
"""Decimals of a rate."""
_LARGEST_RATE = Decimal(10) ** 12 - Decimal(1).scaleb(-RATE_SCALE)
_EXACT = Context(prec=80)

Pair = tuple[str, str]
"""Base and quote: one unit of the first is worth so many of the second."""


class InvalidRate(InvalidInput):
    """A rate that cannot be (9)."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A row of the brand's rate table: one unit of the base is worth `rate` units of the quote."""

    id: int
    rate: Decimal


def convert(amount: Decimal, rate: Decimal, scale: int) -> Decimal:
    """What an amount is worth at a rate, half-up to `scale` decimals."""
    return _EXACT.multiply(amount, rate).quantize(unit(scale), rounding=ROUND_HALF_UP, context=_EXACT)


def redeemable(balance: Decimal, rate: Decimal, *, scale: int, balance_scale: int) -> Decimal:
    """The largest amount of `scale` decimals that `convert` makes at most `balance`, an amount of `balance_scale`.

    `rate` leads from the currency of the result to that of the balance, as in a redemption. An amount is at most the
    balance after rounding half-up if it is below the balance and half a unit before; and none is above `LARGEST`.
    """
    bound = (Fraction(balance) + Fraction(unit(balance_scale)) / 2) / Fraction(rate)
    units = ceil(bound / Fraction(unit(scale))) - 1
    most = LARGEST.quantize(unit(scale), rounding=ROUND_DOWN)
    return min(Decimal(units).scaleb(-scale, _EXACT), most)


def inverse(rate: Decimal) -> Decimal:
    """The rate of the other direction: 1 / rate at 12 decimals, half-even."""
    return _at_rate_scale(Fraction(1) / Fraction(rate))


def cross_rates(worth: Mapping[str, Decimal]) -> dict[Pair, Decimal]:
    """All ordered pairs among currencies of which one common unit buys `worth` (EUR: 1, USD: 1.0872, ...).

    A rate is the quotient of two of them at 12 decimals, half-even. One that is then zero is left out.
    """
    rates = {
        (base, quote): _at_rate_scale(Fraction(worth[quote]) / Fraction(worth[base]))
        for base, quote in permutations(sorted(worth), 2)
    }
    return {pair: rate for pair, rate in rates.items() if rate}


def check_pair(base: str, quote: str) -> None:
    """Refuse (9) unknown currencies, and a currency against itself."""
    for code in (base, quote):
        if not is_currency(code):
            raise InvalidRate(f"ISO 4217 has no currency {code!r}.")
    if base == quote:
        raise InvalidRate("A rate leads from one currency to another.")


def check_rate(rate: Decimal) -> None:
    """Refuse (9) a rate that is not above zero, or has more than 12 digits before or behind the point."""
    if not rate.is_finite() or rate <= 0 or rate > _LARGEST_RATE:
        raise InvalidRate(f"A rate lies above 0 and is at most {_LARGEST_RATE:f}.")
    if rate != rate.quantize(Decimal(1).scaleb(-RATE_SCALE), context=_EXACT):
        raise InvalidRate(f"A rate has at most {RATE_SCALE} decimals.")


def _at_rate_scale(exact: Fraction) -> Decimal:
    # round() of a Fraction is half-even, without a step in between
    return Decimal(round(exact * 10**RATE_SCALE)).scaleb(-RATE_SCALE, _EXACT)
