"""What a test shows: the fields it sent, the fields of answers it looked at, the error codes it got."""

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from tests.conformance.contract import ERROR, REFUSAL_FIELDS, REQUEST, RESPONSE, Field, Row, fields
from tests.shop import Reply

DEAF = frozenset({1, 3, 4, 5, 17, 28, 32})
"""Refusals for reasons outside of the body: they show nothing about the fields that were sent."""
REFUSED = "Refused"
"""The part of a row for a field that was sent in a call that was refused."""

Note = Callable[[Row], None]


def hear(note: Note, method: str, content: bytes, reply: Reply) -> None:
    """Note what a call sent and got, and have the answer note what is looked at in it."""
    code = reply.code
    if code is None or code not in DEAF:
        for path in sent(fields(method, REQUEST), _parsed(content)):
            note((method, REQUEST if code is None else REFUSED, path))
    if code is not None:
        note((method, ERROR, str(code)))
    seen = {name: field for name, field in fields(method, RESPONSE).items() if code is None or name in REFUSAL_FIELDS}
    reply.body = Watched(reply.body, seen, lambda path: note((method, RESPONSE, path)))


def sent(known: Mapping[str, Field], body: Any) -> Iterator[str]:
    """The paths of all fields that differ from their default and from nothing at all."""
    for part in body if isinstance(body, list) else [body]:
        for name, value in part.items() if isinstance(part, dict) else ():
            field = known.get(name)
            if field is not None and value not in (None, "", [], {}) and not _is(value, field.default):
                yield field.path
                yield from sent(field.below, value)


def _is(value: Any, default: Any) -> bool:
    """Equal, but 0 is not False."""
    return type(value) is type(default) and bool(value == default)


def _parsed(content: bytes) -> Any:
    """The body, or nothing if it is no JSON."""
    try:
        return json.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


class Watched(dict[str, Any]):
    """An object in an answer, which tells the path of each field that a test looks at.

    Comparing the whole object looks at all of it.
    """

    def __init__(self, body: dict[str, Any], known: Mapping[str, Field], tell: Callable[[str], None]) -> None:
        super().__init__(
            {name: _watched(value, known[name].below, tell) if name in known else value for name, value in body.items()}
        )
        self._known = known
        self._tell = tell

    def _look(self, *names: Any) -> None:
        for name in names:
            if name in self._known and super().__contains__(name):
                self._tell(self._known[name].path)

    def __getitem__(self, name: str) -> Any:
        self._look(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._look(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self._look(name)
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        self._look(*super().__iter__())
        return super().__iter__()

    def keys(self) -> Any:
        self._look(*super().__iter__())
        return super().keys()

    def values(self) -> Any:
        self._look(*super().__iter__())
        return super().values()

    def items(self) -> Any:
        self._look(*super().__iter__())
        return super().items()

    def __eq__(self, other: object) -> bool:
        self._look(*super().__iter__())
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # type: ignore[assignment]


def _watched(value: Any, known: Mapping[str, Field], tell: Callable[[str], None]) -> Any:
    if isinstance(value, list):
        return [_watched(each, known, tell) for each in value]
    return Watched(value, known, tell) if isinstance(value, dict) and known else value
