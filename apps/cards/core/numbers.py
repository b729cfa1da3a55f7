"""Card numbers."""

import re

from apps.kernel.errors import InvalidInput

_NUMBER = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def check_number(number: str) -> None:
    """Refuse (9) what cannot be a card number: up to 64 of letters, digits, `_` and `-`."""
    if not _NUMBER.fullmatch(number):
        raise InvalidInput("A card number has 1 to 64 letters, digits, _ or -.")


def check_child_number(number: str) -> None:
    """Refuse (9) what cannot be the number of a child card: 3 to 25 printable characters, no comma, no blank ends."""
    if not 3 <= len(number) <= 25 or "," in number or not number.isprintable() or number != number.strip():
        raise InvalidInput("A child card number has 3 to 25 characters and no comma.")


def with_check_digit(digits: str) -> str:
    """Append the Luhn check digit (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return digits + str(-total % 10)


def is_luhn_valid(number: str) -> bool:
    """Whether the last digit is the right check digit."""
    return with_check_digit(number[:-1]) == number
