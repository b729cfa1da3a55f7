"""The wire types as models of Swagger 1.2. What that version has no word for stands in the descriptions."""

from collections.abc import Sequence
from typing import Any

import msgspec

from apps.merchant_api.wire.fields import DATE, EPOCH, MOMENT
from apps.merchant_api.wire.spec import Field, default_of, fields_of, models_below

Model = dict[str, Any]

_FORMATS = {"moment": MOMENT, "date": DATE}


def swagger_models(models: Sequence[type[msgspec.Struct]]) -> dict[str, Model]:
    """The models of these wire types and of all below them, by name."""
    known = {below.__name__: below for model in models for below in models_below(model)}
    return {name: _model(known[name]) for name in sorted(known)}


def remarks(field: Field) -> list[str]:
    """What Swagger 1.2 has no word for, as sentences."""
    facts = field.facts
    form = _FORMATS.get(field.kind, facts.format)
    said = {
        f"Form: {form}.": form in (MOMENT, DATE),
        "Epoch milliseconds.": form == EPOCH,
        f"At least {facts.min_length} characters.": facts.min_length > 0,
        f"At most {facts.max_length} characters.": facts.max_length is not None,
        f"At most {facts.max_items} entries.": facts.max_items is not None,
        f"One of: {', '.join(facts.allowed)}.": field.many and bool(facts.allowed),
        f"More than {facts.maximum} counts as {facts.maximum}.": facts.clamp,
        "From version 2 of the JSON API on.": facts.json_v2,
        f"Needs the brand feature {facts.brand_feature}.": facts.brand_feature is not None,
        "Deprecated.": facts.deprecated,
    }
    return [text for text, holds in said.items() if holds]


def _model(model: type[msgspec.Struct]) -> Model:
    fields = [field for field in fields_of(model) if not field.facts.sent_keys]
    described: Model = {"id": model.__name__, "description": (model.__doc__ or "").partition("\n")[0]}
    required = [field.name for field in fields if field.required or field.facts.required]
    if required:
        described["required"] = required
    return described | {"properties": {field.name: _property(field) for field in fields}}


def _property(field: Field) -> Model:
    return _type(field) | {"description": " ".join([field.description, *remarks(field)])}


def _type(field: Field) -> Model:
    if field.many:
        return {"type": "array", "items": _item(field)}
    return _item(field) | _value_facts(field)


def _item(field: Field) -> Model:
    if field.model is not None:
        return {"$ref": field.model.__name__}
    kind = "string" if field.kind in _FORMATS else field.kind
    return {"type": kind, "format": "int64"} if field.facts.format == EPOCH else {"type": kind}


def _value_facts(field: Field) -> Model:
    """Allowed values, bounds and default; the specification wants bounds as texts."""
    facts, found = field.facts, dict[str, Any]()
    if facts.allowed:
        found["enum"] = list(facts.allowed)
    if facts.minimum is not None:
        found["minimum"] = str(facts.minimum)
    if facts.maximum is not None and not facts.clamp:
        found["maximum"] = str(facts.maximum)
    default = default_of(field)
    if default is not None:
        found["defaultValue"] = default
    return found
