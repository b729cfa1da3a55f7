"""Stored bodies as text for reading: indented, numbers with the digits that were sent, personal data hidden."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apps.portal.core.personal import is_personal

HIDDEN = "•••"
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
    try:
        value = json.loads(raw, parse_float=Number, parse_int=Number, parse_constant=Number)
        shown = _hide(value) if hide_personal else value
        return Body("".join(_write(shown, "\n")), is_json=True, hidden=shown != value)
    except (ValueError, RecursionError):
        return Body(raw.decode(errors="replace"), is_json=False, hidden=False)


def _hide(value: Any, inside: bool = False) -> Any:
    """The same value with every text and number hidden that stands, however deep, under a personal field's name."""
    if isinstance(value, dict):
        return {name: _hide(each, inside or is_personal(name)) for name, each in value.items()}
    if isinstance(value, list):
        return [_hide(each, inside) for each in value]
    return HIDDEN if inside and isinstance(value, str) and value else value


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
