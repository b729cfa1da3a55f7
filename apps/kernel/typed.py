"""Functions that make typed values out of JSON and of plain values, safe to be called by many threads.

msgspec prepares a struct when it first meets it, and a second thread that meets the same struct meanwhile ends the
whole process (version 0.22.0). So types are prepared here, one at a time, when a module makes its functions as it is
imported; the linter allows no other way to `msgspec.convert` and `msgspec.json.Decoder`.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

import msgspec

Typed = TypeVar("Typed")

_one_at_a_time = Lock()


def from_json(kind: type[Typed]) -> Callable[[bytes | memoryview | str], Typed]:
    """What reads JSON as this type. The function raises msgspec.DecodeError, or its ValidationError."""
    return _prepared(kind).decode


def from_plain(kind: type[Typed]) -> Callable[[Any], Typed]:
    """What reads dicts, lists and scalars, as JSON or YAML give them, as this type. The function raises
    msgspec.ValidationError."""
    _prepared(kind)

    def read(value: Any) -> Typed:
        return msgspec.convert(value, kind)  # noqa: TID251

    return read


def _prepared(kind: type[Typed]) -> msgspec.json.Decoder[Typed]:  # noqa: TID251
    with _one_at_a_time:
        return msgspec.json.Decoder(kind)  # noqa: TID251
