"""The fields of a wire type, read once from its annotations and kept."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec
from msgspec import UNSET
from msgspec import inspect as mi

from apps.merchant_api.wire.fields import Facts

KINDS: dict[type[mi.Type], str] = {
    mi.StrType: "string",
    mi.IntType: "integer",
    mi.DecimalType: "number",
    mi.BoolType: "boolean",
    mi.DateTimeType: "moment",
    mi.DateType: "date",
    mi.StructType: "struct",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: its name on the wire and in Python, its kind, and the facts about it.

    `kind` is one of the values of KINDS and speaks of the items where the field is a list (`many`).
    `default` is UNSET where the field has none; `keeps_null` marks fields where null means something.
    """

    name: str
    attribute: str
    kind: str
    many: bool
    model: type[msgspec.Struct] | None
    required: bool
    default: Any
    keeps_null: bool
    description: str
    facts: Facts


@cache
def fields_of(model: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The fields of a wire type in the order of their definition."""
    info = mi.type_info(model)
    assert isinstance(info, mi.StructType)
    return tuple(_field(field) for field in info.fields)


@cache
def models_below(model: type[msgspec.Struct]) -> tuple[type[msgspec.Struct], ...]:
    """The wire type itself and every one reachable from it, each once, nearest first."""
    found = [model]
    for known in found:
        found.extend(field.model for field in fields_of(known) if field.model is not None and field.model not in found)
    return tuple(dict.fromkeys(found))


def default_of(field: Field) -> Any:
    """The published default of a field as a plain value; None where there is none worth telling."""
    default = field.facts.default if field.facts.default is not UNSET else field.default
    if isinstance(default, Decimal):
        return int(default)
    return default if isinstance(default, bool | int | str) and default != "" else None


def _field(field: mi.Field) -> Field:
    kind, facts, description = field.type, Facts(), ""
    if isinstance(kind, mi.Metadata):
        facts = (kind.extra or {}).get("facts", facts)
        description = (kind.extra_json_schema or {}).get("description", "")
        kind = kind.type
    kind, nullable = _without_null(kind)
    many = isinstance(kind, mi.ListType | mi.VarTupleType)
    item = kind.item_type if isinstance(kind, mi.ListType | mi.VarTupleType) else kind
    return Field(
        name=field.encode_name,
        attribute=field.name,
        kind=KINDS[type(item)],
        many=many,
        model=item.cls if isinstance(item, mi.StructType) else None,
        required=field.required,
        default=_default(field),
        keeps_null=nullable and not field.required and _default(field) is UNSET,
        description=description,
        facts=facts,
    )


def _without_null(kind: mi.Type) -> tuple[mi.Type, bool]:
    if not isinstance(kind, mi.UnionType):
        return kind, False
    others = [member for member in kind.types if not isinstance(member, mi.NoneType)]
    assert len(others) == 1, kind
    return others[0], len(others) < len(kind.types)


def _default(field: mi.Field) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return UNSET if field.default is msgspec.NODEFAULT else field.default
