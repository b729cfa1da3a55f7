"""Plain JSON values to request structs.

Wrong type, wrong form and missing fields answer 6, values that are not allowed answer 9. A 6 anywhere wins over
every 9: a 6 is raised where it is met, a 9 is noted and raised when the walk has come to its end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import msgspec

from apps.kernel.errors import InvalidInput
from apps.merchant_api.wire.convert import Convert, Walk, conversion
from apps.merchant_api.wire.fields import ALL_FEATURES
from apps.merchant_api.wire.json import RequestFormat
from apps.merchant_api.wire.spec import Field, fields_of

Request = TypeVar("Request", bound=msgspec.Struct)

MAX_ITEMS = 10_000

# Compared literally by clients.
MISSING = {"cardNumber": "No card number was specified."}


def bind(
    model: type[Request], raw: Mapping[str, Any], *, version: int = 2, features: frozenset[str] = ALL_FEATURES
) -> Request:
    """Make a request struct from a parsed body. Raises RequestFormat (6), else InvalidInput (9).

    `version` is the JSON API version of the brand, `features` the names of the brand features that are on.
    """
    walk = Walk(version, features)
    request = _bind_struct(_plan(model), raw, "", walk)
    if walk.refusal is not None:
        raise InvalidInput(walk.refusal)
    assert isinstance(request, model)
    return request


@dataclass(frozen=True, slots=True)
class _Bound:
    """A field with its conversion."""

    attribute: str
    convert: Convert
    default: Any
    keeps_null: bool
    identifier: bool
    json_v2: bool
    brand_feature: str | None
    left_out: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    """A wire type compiled for binding."""

    model: type[msgspec.Struct]
    required: tuple[str, ...]
    fields: dict[str, _Bound]
    sent_keys: str | None


@cache
def _plan(model: type[msgspec.Struct]) -> _Plan:
    fields = fields_of(model)
    on_wire = [field for field in fields if not field.facts.sent_keys]
    required = sorted((field.name for field in on_wire if field.required), key=lambda name: name not in MISSING)
    sent_keys = next((field.attribute for field in fields if field.facts.sent_keys), None)
    return _Plan(model, tuple(required), {field.name: _bound(field) for field in on_wire}, sent_keys)


def _bound(field: Field) -> _Bound:
    facts = field.facts
    convert = _list(_one(field), facts.max_items or MAX_ITEMS) if field.many else _one(field)
    return _Bound(
        attribute=field.attribute,
        convert=convert,
        default=field.default,
        keeps_null=field.keeps_null,
        identifier=facts.identifier,
        json_v2=facts.json_v2,
        brand_feature=facts.brand_feature,
        left_out=facts.left_out,
    )


def _bind_struct(plan: _Plan, raw: Mapping[str, Any], prefix: str, walk: Walk) -> msgspec.Struct:
    for name in plan.required:
        value = raw.get(name)
        if value is None or value == "":
            raise RequestFormat(MISSING.get(name) or f"{prefix}{name} is required.")
    values: dict[str, Any] = {}
    for name, value in raw.items():
        field = plan.fields.get(name)
        if field is None or (field.json_v2 and walk.version < 2):
            continue
        if value is None:
            if field.keeps_null:
                values[field.attribute] = None
            continue
        if field.identifier and value == "":
            continue
        value = field.convert(value, prefix + name, walk)
        if field.brand_feature is None or _is_on(field, value, prefix + name, walk):
            values[field.attribute] = value
    if plan.sent_keys is not None:
        values[plan.sent_keys] = tuple(raw)
    return plan.model(**values)


def _is_on(field: _Bound, value: Any, path: str, walk: Walk) -> bool:
    """Whether the brand has the feature of this field; what is not even used needs none."""
    if field.brand_feature in walk.features:
        return True
    if not field.left_out and value != "" and value != field.default:
        walk.refuse(f"{path} is not enabled for this brand.")
    return False


def _one(field: Field) -> Convert:
    """The conversion of one value (of one item, if the field is a list)."""
    if field.kind == "struct":
        assert field.model is not None
        return _struct(field.model)
    return conversion(field.kind, field.facts)


def _struct(model: type[msgspec.Struct]) -> Convert:
    def convert(value: Any, path: str, walk: Walk) -> msgspec.Struct | None:
        if not isinstance(value, dict):
            raise RequestFormat(f"{path} must be an object.")
        return _bind_struct(_plan(model), value, f"{path}.", walk)

    return convert


def _list(item: Convert, most: int) -> Convert:
    def convert(value: Any, path: str, walk: Walk) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise RequestFormat(f"{path} must be a list.")
        if None in value:
            raise RequestFormat(f"{path} must not contain null.")
        if len(value) > most:
            walk.refuse(f"{path} must have at most {most} entries.")
        return tuple([item(entry, f"{path}[{index}]", walk) for index, entry in enumerate(value)])

    return convert
