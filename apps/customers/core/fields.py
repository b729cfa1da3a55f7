"""The brand's own fields: what their values look like, and how a change combines with what is there. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from apps.kernel.errors import InvalidInput

OVERWRITE, APPEND, APPEND_UNIQUE = "overwrite", "append", "appendUnique"
MODES = (APPEND, APPEND_UNIQUE, OVERWRITE)
LONGEST_VALUE = 500
"""Characters of a value."""
MOST_BYTES = 1_200
"""Bytes of a value in UTF-8. An index row holds it twice, once in lower case, and has room for 2,704."""
MOST_VALUES = 1000
DATA_TYPES = ("integer", "date", "string", "decimal")

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,19}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)
_INTEGERS = range(-(2**63), 2**63)


@dataclass(frozen=True, slots=True)
class BrandField:
    """A field as the brand set it up. `values` is what the customer has in it."""

    id: int
    code: str
    data_type: str
    is_multiple: bool
    choices: Sequence[str]
    values: tuple[str, ...] = ()


def check_field(*, data_type: str, choices: Sequence[str]) -> list[str]:
    """Refuse (9) an unknown type and choices that are no values of it; returns the choices as they are stored."""
    if data_type not in DATA_TYPES:
        raise InvalidInput(f"A field is of one of the types {', '.join(DATA_TYPES)}.")
    allowed = []
    for choice in choices:
        text = canonical(choice, data_type=data_type)
        if text is None or text in allowed:
            raise InvalidInput(f"{choice!r} is no choice of the type {data_type}, or stands there twice.")
        allowed.append(text)
    return allowed


@dataclass(frozen=True, slots=True)
class SentValue:
    """A value as it was sent, as text. `data_type` None: sent untyped, to be read as the field's type."""

    text: str
    data_type: str | None = None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A change of the field `code`. `values` None: the field is to be unset."""

    code: str
    values: tuple[SentValue, ...] | None
    mode: str = OVERWRITE


class UnknownField(InvalidInput):
    """The brand has no such active field (9)."""


def values_after(fields: Mapping[str, BrandField], changes: Iterable[FieldChange]) -> dict[int, tuple[str, ...]]:
    """What the named fields hold after the changes, by field id. A field that is named twice is changed twice, in the
    order of the changes. Unknown field: 9, and see `changed_values`."""
    present = dict(fields)
    for change in changes:
        field = present.get(change.code)
        if field is None:
            raise UnknownField(f"brandDemographics: there is no field {change.code}.")
        present[change.code] = replace(field, values=changed_values(field, change))
    return {field.id: field.values for field in present.values()}


def changed_values(field: BrandField, change: FieldChange) -> tuple[str, ...]:
    """What the field holds after the change.

    9: a value of another type or outside the choices, several values in a field for one, appending nothing (null), too
    many values. A field for one value knows no mode.
    """
    new = tuple(_stored(field, value) for value in change.values or ())
    if not field.is_multiple:
        if len(new) > 1:
            raise InvalidInput(f"brandDemographics: {field.code} takes one value.")
        return new
    if change.mode != OVERWRITE and change.values is None:
        raise InvalidInput(f"brandDemographics: null unsets {field.code} with the mode {OVERWRITE} only.")
    if change.mode == APPEND_UNIQUE:
        new = tuple(value for value in dict.fromkeys(new) if value not in field.values)
    values = new if change.mode == OVERWRITE else field.values + new
    if len(values) > MOST_VALUES:
        raise InvalidInput(f"brandDemographics: {field.code} can hold {MOST_VALUES} values.")
    return values


def _stored(field: BrandField, value: SentValue) -> str:
    text = canonical(value.text, data_type=field.data_type)
    if text is None or value.data_type not in (None, field.data_type):
        raise InvalidInput(f"brandDemographics: {field.code} takes values of the type {field.data_type}.")
    if field.choices and text not in field.choices:
        raise InvalidInput(f"brandDemographics: {field.code} does not take this value.")
    return text


def canonical(text: str, *, data_type: str) -> str | None:
    """The one text that stands for a value of this type; None if the text is none, is empty or is too long."""
    if data_type == "integer":
        return str(int(text)) if _INTEGER.fullmatch(text) and int(text) in _INTEGERS else None
    if data_type == "decimal":
        return _without_needless_zeros(text) if _DECIMAL.fullmatch(text) else None
    if data_type == "date":
        return text if _DATE.fullmatch(text) and _exists(text) else None
    return text if 0 < len(text) <= LONGEST_VALUE and len(text.encode()) <= MOST_BYTES else None


def _without_needless_zeros(text: str) -> str:
    # by hand: Decimal would round what has more digits than its context
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, part = digits.partition(".")
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    number = f"{whole}.{part}" if part else whole
    return number if number == "0" else sign + number


def _exists(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
