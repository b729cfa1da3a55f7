"""Texts of cells as values. Each refuses (9) what it cannot read; none is asked about an empty cell."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from apps.jobs.core.batch import Faults
from apps.jobs.core.rows import Row
from apps.kernel.errors import InvalidInput
from apps.kernel.moments import parse_date, parse_moment

Value = TypeVar("Value")

CLEAR = "(clear)"
"""What a cell says to remove what is known; an empty cell keeps it."""
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,6})?", re.ASCII)
_DEGREES = re.compile(r"-?\d{1,3}(\.\d{1,12})?", re.ASCII)
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


def degrees_of(text: str, *, limit: int) -> Decimal:
    """Degrees with a decimal point, from `-limit` to `limit`."""
    if not _DEGREES.fullmatch(text) or abs(Decimal(text)) > limit:
        raise InvalidInput(f"{text!r} is not a number of degrees from -{limit} to {limit}.")
    return Decimal(text)


def flag_of(text: str) -> bool:
    """`true` or `false`."""
    try:
        return _FLAGS[text.lower()]
    except KeyError:
        raise InvalidInput(f"{text!r} is neither true nor false.") from None


@dataclass(slots=True)
class Cells:
    """The cells of one row by column name, and the faults found in them. A column that the file lacks is empty."""

    places: Mapping[str, int]
    row: Row
    faults: Faults

    def text(self, name: str) -> str:
        """The cell as it stands there."""
        place = self.places.get(name)
        return "" if place is None else self.row.cells[place]

    def read(self, name: str, parse: Callable[[str], Value]) -> Value | None:
        """What `parse` makes of a cell; None for an empty one, and where it refuses."""
        text = self.text(name)
        return self.faults.read(name, parse, text) if text else None


def places_of(names: Sequence[str]) -> dict[str, int]:
    """Where the columns of a file stand."""
    return {name: place for place, name in enumerate(names)}
