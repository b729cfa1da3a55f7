"""JSON Schema of the wire types: for answers exactly what is written, for requests all that the binder accepts."""

from collections.abc import Sequence
from typing import Any

import msgspec

from apps.merchant_api.wire.binder import MAX_ITEMS
from apps.merchant_api.wire.common import Output
from apps.merchant_api.wire.fields import DATE, EPOCH, MOMENT
from apps.merchant_api.wire.spec import Field, default_of, fields_of, models_below

Schema = dict[str, Any]

PATTERNS = {MOMENT: "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$", DATE: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
FORMATS = {"moment": MOMENT, "date": DATE}
NUMBER_PATTERN = "^-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]{1,6})?$"
REF = "#/components/schemas/{name}"


def components(models: Sequence[type[msgspec.Struct]]) -> dict[str, Schema]:
    """The schemas of these wire types and of all below them, by name."""
    _, schemas = msgspec.json.schema_components(models, ref_template=REF)
    known = {below for model in models for below in models_below(model)}
    for model in known:
        schema, fields = schemas[model.__name__], [field for field in fields_of(model) if not field.facts.sent_keys]
        is_answer = issubclass(model, Output)
        schema["properties"] = {field.name: _property(field, is_answer) for field in fields}
        required = [field.name for field in fields if field.required or field.facts.required]
        schema.pop("required", None)
        if required:
            schema["required"] = required
    return dict(sorted(schemas.items()))


def _property(field: Field, is_answer: bool) -> Schema:
    value = _answer_value(field) if is_answer else _request_value(field)
    if field.many:
        value = {"type": "array", "items": value}
        if not is_answer:
            value["maxItems"] = field.facts.max_items or MAX_ITEMS
    if not is_answer and not field.required:
        value = _or_null(value)
    return value | _annotations(field)


def _annotations(field: Field) -> Schema:
    facts = field.facts
    notes: Schema = {"description": field.description}
    default = default_of(field)
    if default is not None:
        notes["default"] = default
    if facts.brand_feature is not None:
        notes["x-brand-feature"] = facts.brand_feature
    if facts.json_v2:
        notes["x-since-version"] = 2
    if facts.deprecated:
        notes["deprecated"] = True
    return notes


def _reference(field: Field) -> Schema:
    assert field.model is not None
    return {"$ref": REF.format(name=field.model.__name__)}


def _answer_value(field: Field) -> Schema:
    if field.kind == "struct":
        return _reference(field)
    value: Schema = {"type": field.kind}
    if field.facts.allowed:
        value["enum"] = list(field.facts.allowed)
    if field.facts.format == EPOCH:
        value["format"] = "int64"
    elif field.facts.format is not None:
        value["pattern"] = PATTERNS[field.facts.format]
    return value


def _request_value(field: Field) -> Schema:
    if field.kind == "struct":
        return _reference(field)
    if field.kind == "boolean":
        return {"type": "boolean"}
    if field.kind in FORMATS:
        return {"type": "string", "pattern": PATTERNS[FORMATS[field.kind]]}
    if field.kind == "string":
        return _text(field)
    pattern = f"^$|{NUMBER_PATTERN}" if field.facts.clearable else NUMBER_PATTERN
    return {"anyOf": [{"type": field.kind} | _bounds(field), {"type": "string", "pattern": pattern}]}


def _text(field: Field) -> Schema:
    """Texts may be sent as integers, except where only a few texts are allowed anyway."""
    facts = field.facts
    if facts.allowed:
        return {"type": "string", "enum": [*facts.allowed, *([""] if facts.clearable or facts.identifier else [])]}
    if facts.format is not None:
        pattern = PATTERNS[facts.format]
        return {"type": "string", "pattern": f"^$|{pattern}" if facts.clearable else pattern}
    value: Schema = {"type": ["string", "integer"]}
    shortest = max(facts.min_length, 1 if field.required else 0)
    if shortest:
        value["minLength"] = shortest
    if facts.max_length is not None:
        value["maxLength"] = facts.max_length
    return value


def _bounds(field: Field) -> Schema:
    bounds: Schema = {}
    if field.facts.minimum is not None:
        bounds["minimum"] = field.facts.minimum
    if field.facts.maximum is not None and not field.facts.clamp:
        bounds["maximum"] = field.facts.maximum
    return bounds


def _or_null(value: Schema) -> Schema:
    if "enum" in value:
        return value | {"type": ["string", "null"], "enum": [*value["enum"], None]}
    if "anyOf" in value:
        return {"anyOf": [*value["anyOf"], {"type": "null"}]}
    if "$ref" in value:
        return {"anyOf": [value, {"type": "null"}]}
    types = value["type"] if isinstance(value["type"], list) else [value["type"]]
    return value | {"type": [*types, "null"]}
