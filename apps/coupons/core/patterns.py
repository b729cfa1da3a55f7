"""Patterns of coupon codes, and how many codes one leaves to draw from, so that none can be guessed from others.

    #   a digit
    @   a capital letter that cannot be mistaken for another one or for a digit
    *   either of both, without the digits 0 and 1

Everything else stands for itself: `TEN-######` makes `TEN-204817`.
"""

from math import prod

from apps.brands.core.codes import check_code
from apps.kernel.errors import InvalidInput

RARITY = 1_000
"""At least so many possible codes for each coupon."""

_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ"
_CLASSES = {"#": "0123456789", "@": _LETTERS, "*": "23456789" + _LETTERS}


class TooGuessable(InvalidInput):
    """The pattern leaves so few codes that guesses would hit."""


def check_pattern(pattern: str, *, count: int = 1) -> None:
    """Refuse (9) a pattern that makes no codes, or fewer than a thousand for each of `count` coupons."""
    check_code(pattern)
    if count * RARITY > possible(pattern):
        raise TooGuessable(
            f"The pattern {pattern} makes {possible(pattern):,} codes: too few to hide {count:,} coupons among them."
        )


def possible(pattern: str) -> int:
    """How many codes the pattern makes."""
    return prod(len(_CLASSES[sign]) for sign in pattern if sign in _CLASSES)


def code_of(pattern: str, drawn: int) -> str:
    """The code for a drawn number below `possible`; different numbers make different codes."""
    signs = []
    for sign in reversed(pattern):
        if sign in _CLASSES:
            drawn, place = divmod(drawn, len(_CLASSES[sign]))
            sign = _CLASSES[sign][place]
        signs.append(sign)
    return "".join(reversed(signs))
