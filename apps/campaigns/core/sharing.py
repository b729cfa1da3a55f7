"""Sharing an amount among units: each gets its exact share rounded down, and the smallest units that are left over go
to the largest remainders. Pure."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple


class Portion(NamedTuple):
    """`units` equal units, with the exact share of each and the most that each can get (no finer than the smallest
    unit of the currency)."""

    units: int
    exact: Decimal
    limit: Decimal


class Share(NamedTuple):
    """What the units of a portion get: `each`, and the first `more` of them one smallest unit more."""

    each: Decimal
    more: int


def shared(amount: Decimal, portions: Sequence[Portion], smallest: Decimal) -> list[Share]:
    """Share `amount`. It is a multiple of `smallest`, and the exact shares come to it, give or take the rounding. What
    the limits leave no room for is not given; of equal remainders the earlier portion comes first."""
    each = [min(portion.exact.quantize(smallest, rounding=ROUND_DOWN), portion.limit) for portion in portions]
    given = sum(share * portion.units for share, portion in zip(each, portions, strict=True))
    left = int((amount - given) / smallest)
    more = [0] * len(portions)
    for index in sorted(range(len(portions)), key=lambda index: each[index] - portions[index].exact):
        if left <= 0:
            break
        if each[index] < portions[index].limit:
            more[index] = min(portions[index].units, left)
            left -= more[index]
    return [Share(*pair) for pair in zip(each, more, strict=True)]
