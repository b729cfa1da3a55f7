"""Texts of cells as values. Each refuses (9) what it cannot read; none is asked about an empty cell."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from apps.kernel.errors import InvalidInput
from apps.kernel.moments import parse_date, parse_moment

_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,6})?", re.ASCII)
_FLAGS = {"true": True, "false": False}


@lru_cache(maxsize=100_000)
def moment_of(text: str) -> datetime:
    """`yyyy-MM-dd HH:mm:ss` in UTC."""
    try:
        return parse_moment(text)
    except ValueError as problem:
        raise InvalidInput(f"{text!r} is not a moment in UTC: yyyy-MM-dd HH:mm:ss.") from problem


def day_of(text: str) -> date:
    """`yyyy-MM-dd`."""
    try:
        return parse_date(text)
    except ValueError as problem:
        raise InvalidInput(f"{text!r} is not a date: yyyy-MM-dd.") from problem


def amount_of(text: str) -> Decimal:
    """Digits with a decimal point, nothing else: no sign, no thousands separator, no currency."""
    if not _AMOUNT.fullmatch(text):
        raise InvalidInput(f"{text!r} is not an amount: up to 12 digits, a point, up to 6 decimals; no sign.")
    return Decimal(text)


def flag_of(text: str) -> bool:
    """`true` or `false`."""
    try:
        return _FLAGS[text.lower()]
    except KeyError:
        raise InvalidInput(f"{text!r} is neither true nor false.") from None
