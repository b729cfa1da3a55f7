"""Answers for brands on version 1 of the JSON API."""

from functools import cache
from typing import Any

import msgspec
from msgspec import UNSET
from msgspec.structs import force_setattr

from apps.merchant_api.wire.spec import Field, fields_of, models_below


def trim(response: msgspec.Struct, *, version: int) -> None:
    """Take the fields out of an answer, in place, that its version of the JSON API does not know."""
    if version < 2:
        _trim(response)


def _trim(value: Any) -> None:
    if isinstance(value, list | tuple):
        for item in value:
            _trim(item)
    elif isinstance(value, msgspec.Struct):
        for field in _affected(type(value)):
            if field.facts.json_v2:
                force_setattr(value, field.attribute, UNSET)
            else:
                _trim(getattr(value, field.attribute))


@cache
def _affected(model: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The fields to take out, and those below which there may be some."""
    return tuple(field for field in fields_of(model) if field.facts.json_v2 or _has_newer(field.model))


def _has_newer(model: type[msgspec.Struct] | None) -> bool:
    return model is not None and any(field.facts.json_v2 for below in models_below(model) for field in fields_of(below))
