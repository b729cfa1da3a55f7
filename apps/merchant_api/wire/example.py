"""Examples of requests, made from the wire types."""

from typing import Any

import msgspec

from apps.merchant_api.wire.fields import DATE, MOMENT
from apps.merchant_api.wire.spec import Field, fields_of

_OF_A_KIND: dict[str, Any] = {"string": "text", "boolean": True, "number": 1, "integer": 1}
_OF_A_FORMAT = {
    "moment": "2030-01-31 12:00:00",
    MOMENT: "2030-01-31 12:00:00",
    "date": "2030-01-31",
    DATE: "2030-01-31",
}


def example(model: type[msgspec.Struct]) -> dict[str, Any]:
    """A request that shows the use of this type: its required fields, and those others that have an example."""
    return {field.name: _value(field) for field in fields_of(model) if _is_shown(field)}


def _is_shown(field: Field) -> bool:
    return field.required or field.facts.example is not msgspec.UNSET


def _value(field: Field) -> Any:
    if field.facts.example is not msgspec.UNSET:
        return field.facts.example
    value = example(field.model) if field.model is not None else _plain(field)
    return [value] if field.many else value


def _plain(field: Field) -> Any:
    facts = field.facts
    if facts.allowed:
        return facts.allowed[0]
    if (facts.format or field.kind) in _OF_A_FORMAT:
        return _OF_A_FORMAT[facts.format or field.kind]
    return facts.minimum if facts.minimum is not None else _OF_A_KIND[field.kind]
