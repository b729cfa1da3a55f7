"""Stored bodies as text for reading: indented, numbers with the digits that were sent, personal data hidden."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from apps.portal.core.personal import is_personal, is_plain_header

HIDDEN = "•••"
MASK = "*****"
"""What headers show in place of their value, as those that were never stored do."""
_INDENT = "  "


class Number(str):
    """The digits of a JSON number as they were sent: 12.00 must not become 12.0."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Body:
    """Text for a pane; `is_json` says whether it can be coloured as JSON, `hidden` whether something was hidden."""

    text: str
    is_json: bool
    hidden: bool


def readable(raw: bytes, *, hide_personal: bool) -> Body:
    """Indent a stored body. What is no JSON is shown as it is."""
    return _text(raw, _hide if hide_personal else None)


def readable_headers(raw: bytes, *, hide_personal: bool) -> Body:
    """Indent stored headers. Unknown ones may tell anything about anybody."""
    return _text(raw, _hide_headers if hide_personal else None)


def _text(raw: bytes, hide: Callable[[Any], Any] | None) -> Body:
    try:
        value = json.loads(raw, parse_float=Number, parse_int=Number, parse_constant=Number)
        shown = hide(value) if hide else value
        return Body("".join(_write(shown, "\n")), is_json=True, hidden=shown != value)
    except (ValueError, RecursionError):
        return Body(raw.decode(errors="replace"), is_json=False, hidden=False)


def _hide(value: Any) -> Any:
    """The same value with everything hidden that stands, however deep, under a personal field's name.

    A switch right under such a name tells nothing: `returnFields` asks for fields by their names.
    """
    if isinstance(value, dict):
        return {name: _below(name, each) for name, each in value.items()}
    return [_hide(each) for each in value] if isinstance(value, list) else value


def _below(name: str, value: Any) -> Any:
    if not is_personal(name):
        return _hide(value)
    return value if isinstance(value, bool) else _hidden(value)


def _hidden(value: Any) -> Any:
    """What holds nothing (null, an empty text) still shows."""
    if isinstance(value, dict):
        return {name: _hidden(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_hidden(each) for each in value]
    return value if value in (None, "") else HIDDEN


def _hide_headers(headers: Any) -> Any:
    return {name: value if is_plain_header(name) else MASK for name, value in headers.items()}


def _write(value: Any, newline: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        items = ((json.dumps(name, ensure_ascii=False) + ": ", each) for name, each in value.items())
        yield from _bracketed("{", items, "}", newline)
    elif isinstance(value, list) and value:
        yield from _bracketed("[", (("", each) for each in value), "]", newline)
    else:
        yield value if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)


def _bracketed(opening: str, items: Iterator[tuple[str, Any]], closing: str, newline: str) -> Iterator[str]:
    deeper = newline + _INDENT
    separator = opening
    for label, each in items:
        yield separator + deeper + label
        yield from _write(each, deeper)
        separator = ","
    yield newline + closing
