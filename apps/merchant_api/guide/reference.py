"""The reference in the guide: for each method its fields, with all objects below them."""

import re
from dataclasses import dataclass
from functools import cache

import msgspec
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from apps.merchant_api.table import METHODS
from apps.merchant_api.wire.example import example
from apps.merchant_api.wire.json import render
from apps.merchant_api.wire.spec import Field, default_of, fields_of, models_below
from apps.merchant_api.wire.swagger_models import remarks


@dataclass(frozen=True, slots=True)
class Row:
    """One field. `model` is the object that stands in it, if it is one."""

    name: str
    type: str
    model: str
    required: bool
    description: SafeString
    remarks: str


@dataclass(frozen=True, slots=True)
class Table:
    """The fields of a request, of an answer, or of an object in one of them."""

    name: str
    description: SafeString
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Described:
    """All about one method."""

    name: str
    summary: str
    example: str
    request: list[Table]
    response: list[Table]


@cache
def described(name: str) -> Described:
    """The method of this name; KeyError where there is none."""
    method = METHODS[name]
    body = msgspec.json.format(render(example(method.request)), indent=2).decode()
    return Described(name, method.summary, body, _tables(method.request), _tables(method.response))


def _tables(root: type[msgspec.Struct]) -> list[Table]:
    return [_table(model) for model in models_below(root)]


def _table(model: type[msgspec.Struct]) -> Table:
    rows = [_row(field) for field in fields_of(model) if not field.facts.sent_keys]
    rows.sort(key=lambda row: not row.required)
    return Table(model.__name__, _prose((model.__doc__ or "").partition("\n")[0]), rows)


def _row(field: Field) -> Row:
    model = field.model.__name__ if field.model is not None else ""
    kind = model or {"moment": "string", "date": "string"}.get(field.kind, field.kind)
    return Row(
        name=field.name,
        type=f"list of {kind}" if field.many else kind,
        model=model,
        required=field.required,
        description=_prose(field.description),
        remarks=" ".join([*_bounds(field), *remarks(field)]),
    )


def _bounds(field: Field) -> list[str]:
    facts, default = field.facts, default_of(field)
    said = []
    if facts.allowed and not field.many:
        said.append(f"One of: {', '.join(facts.allowed)}.")
    if facts.minimum is not None:
        said.append(f"At least {facts.minimum}.")
    if facts.maximum is not None and not facts.clamp:
        said.append(f"At most {facts.maximum}.")
    if default is not None:
        said.append(f"Default: {msgspec.json.encode(default).decode()}.")
    return said


def _prose(text: str) -> SafeString:
    """Our own descriptions; what stands in backticks is code."""
    return mark_safe(re.sub("`([^`]+)`", r"<code>\1</code>", escape(text)))  # noqa: S308
