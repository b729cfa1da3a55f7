"""Readings: each app gives scalar subselects, and the one read statement of a call asks them along with the card.

A reading's SQL gives one value (JSON, where there is more to say; amounts in it are texts, since JSON knows no
Decimal). It names its parameters `%(like_this)s`, unique in the whole but for `%(brand)s`, and may speak of the card
that the call is about by these places: `{whose}` its wallet (the child card's where one was named), `{holder}` its
primary customer, `{since}` when it was activated. Where the call has no card, they are NULL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Reading:
    """One value to be read with the card; `name` is how the reader finds it."""

    name: str
    sql: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Places:
    """What stands for a reading's places in a statement."""

    whose: str
    holder: str
    since: str


def columns(readings: Sequence[Reading], places: Places) -> str:
    """What a SELECT list gets for these readings: nothing, or `, (...), (...)`."""
    return _columns(tuple(each.sql for each in readings), places)


@cache
def _columns(texts: tuple[str, ...], places: Places) -> str:
    return "".join(f",\n ({_placed(text, places)})" for text in texts)


def _placed(text: str, places: Places) -> str:
    return text.replace("{whose}", places.whose).replace("{holder}", places.holder).replace("{since}", places.since)


def params_of(readings: Sequence[Reading]) -> dict[str, Any]:
    """The parameters of all readings."""
    return {name: value for each in readings for name, value in each.params.items()}
