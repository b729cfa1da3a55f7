"""How many numbers a prefix leaves to draw from, so that no number can be guessed from others."""

from apps.cards.core.numbers import with_check_digit
from apps.kernel.errors import InvalidInput

LENGTH = 15
"""Digits of a generated number, the check digit included."""
RARITY = 1_000
"""At least so many possible numbers for each that is made."""


class TooGuessable(InvalidInput):
    """The prefix leaves so few numbers that guesses would hit."""


def check_prefix(prefix: str, *, count: int) -> None:
    """Refuse a prefix that is not made of digits, or that leaves fewer than a thousand numbers for each of `count`."""
    if prefix and not (prefix.isascii() and prefix.isdigit()):
        raise InvalidInput("A prefix is made of digits.")
    if len(prefix) >= LENGTH - 1 or count * RARITY > 10 ** free_digits(prefix):
        raise TooGuessable(f"After the prefix {prefix} there are too few numbers for {count:,} cards.")


def free_digits(prefix: str) -> int:
    """How many digits are drawn: all but the prefix and the check digit."""
    return LENGTH - 1 - len(prefix)


def number_of(prefix: str, drawn: int) -> str:
    """The card number for a drawn number below 10 ** `free_digits`."""
    return with_check_digit(f"{prefix}{drawn:0{free_digits(prefix)}}")
