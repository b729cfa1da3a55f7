"""Make and change the rows that entries speak of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from apps.brands import models as brands
from apps.brands.operations.create_brand import create_brand
from apps.brands.operations.insert_row import insert_row
from apps.catalog import models as catalog
from apps.catalog.operations.move_category import move_category
from apps.catalog.operations.set_tags import set_tags
from apps.coupons.models import CouponSet
from apps.customers import models as customers
from apps.kernel.errors import InvalidInput
from apps.programs import models as programs
from apps.segments.models import Segment
from apps.transactions.brand_file.differences import Change
from apps.transactions.brand_file.entries import Entry, Fields


@dataclass(frozen=True, slots=True)
class Table:
    """How a kind of entry is stored: its model, the fields by which a row is found, fields that name rows of other
    tables by their code, fields that stay as they were made, columns that the file does not have."""

    model: type[models.Model]
    identity: tuple[str, ...] = ("code",)
    references: Mapping[str, type[models.Model]] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    made_at: tuple[str, ...] = ()


TABLES: Mapping[str, Table] = {
    "group": Table(brands.LocationGroup),
    "location": Table(brands.Location, references={"group": brands.LocationGroup}),
    "terminal": Table(brands.Terminal, ("location", "code"), {"location": brands.Location}),
    "program": Table(programs.Program),
    "value type": Table(
        programs.ValueType,
        ("program", "balance_type", "balance_code"),
        {"program": programs.Program},
        fixed=frozenset({"scale"}),
    ),
    "card set": Table(programs.CardSet, references={"program": programs.Program}, fixed=frozenset({"program"})),
    "category": Table(catalog.Category),
    "product": Table(catalog.Product, ("sku",), {"category": catalog.Category}),
    "coupon set": Table(CouponSet),
    "field": Table(customers.DemographicField, fixed=frozenset({"data_type", "is_multiple"})),
    "event type": Table(customers.EventType, ("category_id", "specific_id"), made_at=("created_at", "modified_at")),
    "list": Table(customers.SubscriptionList, ("uuid",), fixed=frozenset({"channel"})),
    "segment": Table(Segment, made_at=("created_at",)),
}
APART: Mapping[str, str] = {"category": "parent", "product": "tags"}
"""Fields that are written after all rows are there, by an operation of their own."""


def make_brand(entry: Entry, *, code: str, now: datetime) -> brands.Brand:
    """The brand with its settings."""
    brand = create_brand(code=code, name=entry.fields["name"], now=now)
    return change_brand(brand, entry.fields)


def change_brand(brand: brands.Brand, fields: Fields) -> brands.Brand:
    """Give the brand these settings."""
    for name, value in fields.items():
        if name != "code":
            setattr(brand, name, value)
    brand.save()
    return brand


def create_entry(brand: brands.Brand, entry: Entry, *, now: datetime) -> None:
    """Insert the row, but for what stands in `APART`. A row that it refers to is missing: 9."""
    table = TABLES[entry.kind]
    moments = dict.fromkeys(table.made_at, now)
    fields = {name: value for name, value in entry.fields.items() if name != APART.get(entry.kind)}
    row = table.model(brand=brand, **_columns(brand, table, fields), **moments)
    insert_row(row=row, duplicate="There is one already, or its name is taken.")


def change_entry(brand: brands.Brand, change: Change, *, now: datetime) -> None:
    """Give the row the fields that differ, but for what stands in `APART`. Fields that stay as they were made: 9."""
    entry = change.entry
    table = TABLES[entry.kind]
    fields = {name: entry.fields[name] for name in change.before if name != APART.get(entry.kind)}
    if fixed := sorted(table.fixed & set(fields)):
        raise InvalidInput(f"{', '.join(fixed)} can never be changed; give it the value that it has.")
    if not fields:
        return
    row = row_of(brand, entry)
    columns = _columns(brand, table, fields)
    if "modified_at" in table.made_at:
        columns["modified_at"] = now
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))


def finish_entry(brand: brands.Brand, entry: Entry) -> None:
    """Write what stands in `APART`: the parent of a category, the tags of a product."""
    if entry.kind == "category":
        move_category(brand=brand, code=entry.fields["code"], parent_code=entry.fields["parent"])
    elif entry.kind == "product":
        set_tags(product=row_of(brand, entry), tags=entry.fields["tags"])


def row_of(brand: brands.Brand, entry: Entry) -> Any:
    """The row that an entry speaks of."""
    table = TABLES[entry.kind]
    found = _columns(brand, table, {name: entry.fields[name] for name in table.identity})
    return table.model._default_manager.get(brand=brand, **found)


def _columns(brand: brands.Brand, table: Table, fields: Fields) -> Fields:
    """Fields as columns: codes of other rows become their keys."""
    columns = dict(fields)
    for name in set(table.references) & set(fields):
        columns[f"{name}_id"] = _key(brand, table.references[name], columns.pop(name), name)
    return columns


def _key(brand: brands.Brand, model: type[models.Model], code: str | None, name: str) -> int | None:
    if code is None:
        return None
    found = model._default_manager.filter(brand=brand, code=code).values_list("pk", flat=True).first()
    if found is None:
        raise InvalidInput(f"There is no {name} {code!r}; add it to the file, or name another.")
    return int(found)
