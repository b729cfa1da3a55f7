"""Checks that conditions, results and rules share. Each yields problems in words. Pure."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from apps.campaigns.core.conditions import Happening, Items, Occasion
from apps.campaigns.core.kinds import Window
from apps.campaigns.core.known import Known, missing
from apps.kernel.amounts import LARGEST, fits

FINEST = 6
LONGEST_WINDOW = 3_660
LONGEST_SHIFT = 366
_DAYS = {Happening.WEEKLY: 7, Happening.MONTHLY: 31}


def bounds(minimum: Any, maximum: Any, *, needed: bool = True) -> Iterator[str]:
    """Both bounds are at least 0 and in order, and (`needed`) one of them is there."""
    if needed and minimum is None and maximum is None:
        yield "says neither a minimum nor a maximum"
    if any(bound is not None and bound < 0 for bound in (minimum, maximum)):
        yield "a bound is below 0"
    if minimum is not None and maximum is not None and minimum > maximum:
        yield "the minimum is above the maximum"


def positive(amount: Decimal | None, name: str) -> Iterator[str]:
    """There is no amount, or it is above 0."""
    if amount is not None and not amount > 0:
        yield f"{name} must be above 0"


def some(values: tuple[Any, ...], what: str) -> Iterator[str]:
    """At least one is named, and none is empty."""
    if not values or any(value == "" for value in values):
        yield f"names no {what}"


def window(given: Window) -> Iterator[str]:
    """A window has a sensible length."""
    if not 1 <= given.count <= LONGEST_WINDOW:
        yield f"a window is 1 to {LONGEST_WINDOW} units long"


def items(given: Items | None, known: Known) -> Iterator[str]:
    """The categories are known; SKUs and tags may be new."""
    if given is not None:
        yield from missing("category", given.categories, known.categories)


def occasion(given: Occasion) -> Iterator[str]:
    """The occasion says what its kind needs."""
    if given.what is Happening.FIXED_DATE and given.on is None:
        yield "a fixed date needs its day"
    last = _DAYS.get(given.what, given.day)
    if not 1 <= given.day <= last:
        yield f"the day of a {given.what} occasion is 1 to {last}"
    if abs(given.shift) > LONGEST_SHIFT:
        yield f"a shift is at most {LONGEST_SHIFT} days"


def day(text: str) -> date | None:
    """A day written as yyyy-MM-dd; None for anything else."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None


def numbers(part: msgspec.Struct) -> Iterator[str]:
    """All amounts of a part fit into a column. Parts of it that have a UUID of their own are not looked into."""
    for name in part.__struct_fields__:
        value = getattr(part, name)
        if isinstance(value, Decimal) and not (value.is_finite() and abs(value) <= LARGEST and fits(value, FINEST)):
            yield f"{name} is no amount with at most {FINEST} decimals"
        elif isinstance(value, msgspec.Struct):
            yield from numbers(value)
