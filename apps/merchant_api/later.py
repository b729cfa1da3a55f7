"""All that the JSON API names and this version does not do yet; nowhere else is it said.

Later methods answer 17. Later input answers 9 as soon as it is used. Later return fields are left out of the answer.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from apps.kernel.errors import InvalidInput
from apps.merchant_api.wire.spec import fields_of

LATER_METHODS: frozenset[str] = frozenset()

LATER_INPUT: dict[str, tuple[str, ...]] = {}

LATER_RETURN: dict[str, tuple[str, ...]] = {}


def refuse_later(method: str, request: msgspec.Struct) -> None:
    """Raise InvalidInput (9) where a request uses a field whose function comes later."""
    for path, is_used in _checks(method, type(request)):
        if is_used(request):
            raise InvalidInput(f"{path} is not available yet: leave it out.")


Check = tuple[str, Callable[[msgspec.Struct], bool]]


@cache
def _checks(method: str, model: type[msgspec.Struct]) -> tuple[Check, ...]:
    return tuple((path, _usage(model, path.split("."))) for path in LATER_INPUT.get(method, ()))


def _usage(model: type[msgspec.Struct], names: list[str]) -> Callable[[msgspec.Struct], bool]:
    """The question whether the field at the end of these wire names is used. KeyError where there is none."""
    field = {field.name: field for field in fields_of(model)}[names[0]]
    if len(names) == 1:
        return lambda request: _differs(getattr(request, field.attribute), field.default)
    assert field.model is not None, names
    below = _usage(field.model, names[1:])

    def is_used(request: msgspec.Struct) -> bool:
        part = getattr(request, field.attribute)
        return part is not None and below(part)

    return is_used


def _differs(value: Any, default: Any) -> bool:
    """Whether a value asks for more than its default; all that is empty is alike where the default is empty."""
    if isinstance(value, msgspec.Struct):
        # Inside an object an empty text means something: it clears a field, or matches nothing.
        fields = (field for field in fields_of(type(value)) if not field.facts.sent_keys)
        return any(getattr(value, field.attribute) != field.default for field in fields)
    return bool(value != default and (value or default))
