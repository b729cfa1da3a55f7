"""Write a brand's configuration down."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from apps.brands import models as brands
from apps.campaigns import models as campaigns
from apps.campaigns.core import definitions
from apps.catalog import models as catalog
from apps.coupons.models import CouponSet
from apps.customers import models as customers
from apps.programs import models as programs
from apps.segments.models import Segment
from apps.transactions.brand_file import document as d

Codes = Mapping[int, str]


def export_brand(*, brand: brands.Brand) -> d.BrandFile:
    """The brand as a document: rows in the order in which they were made, so that an import makes them in that order,
    too. Archived revisions, and whoever is restricted to it, are not in it."""
    own = {"brand": brand}
    groups = _rows(brands.LocationGroup.objects.filter(**own))
    categories = _rows(catalog.Category.objects.filter(**own))
    return d.BrandFile(
        format=1,
        brand=_part(d.Brand, brand, features=tuple(sorted(brand.features))),
        groups=tuple(_part(d.Named, row) for row in groups),
        locations=_locations(brand, _codes(groups)),
        programs=_programs(brand),
        categories=tuple(_part(d.Category, row, parent=_code(categories, row.parent_id)) for row in categories),
        products=_products(brand, _codes(categories)),
        coupon_sets=tuple(_part(d.CouponSet, row) for row in _rows(CouponSet.objects.filter(**own))),
        fields=tuple(_part(d.Field, row) for row in _rows(customers.DemographicField.objects.filter(**own))),
        event_types=_event_types(brand),
        subscription_lists=tuple(
            _part(d.SubscriptionList, row) for row in _rows(customers.SubscriptionList.objects.filter(**own))
        ),
        segments=tuple(_part(d.Segment, row) for row in _rows(Segment.objects.filter(**own))),
        campaigns=_campaigns(brand),
    )


def _part(kind: Any, row: Any, **other: Any) -> Any:
    """A part whose fields have the names of the row's columns, but for `other`."""
    values = {name: getattr(row, name) for name in kind.__struct_fields__ if name not in other and hasattr(row, name)}
    plain = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return kind(**plain, **other)


def _rows(found: "QuerySet[Any]") -> list[Any]:
    return list(found.order_by("pk"))


def _codes(rows: list[Any]) -> Codes:
    return {row.pk: row.code for row in rows}


def _code(rows: list[Any], pk: int | None) -> str | None:
    return None if pk is None else _codes(rows)[pk]


def _locations(brand: brands.Brand, groups: Codes) -> tuple[d.Location, ...]:
    terminals: dict[int, list[d.Terminal]] = defaultdict(list)
    for row in _rows(brands.Terminal.objects.filter(brand=brand)):
        terminals[row.location_id].append(_part(d.Terminal, row))
    return tuple(
        _part(d.Location, row, group=groups[row.group_id], terminals=tuple(terminals[row.pk]))
        for row in _rows(brands.Location.objects.filter(brand=brand))
    )


def _programs(brand: brands.Brand) -> tuple[d.Program, ...]:
    value_types: dict[int, list[d.ValueType]] = defaultdict(list)
    for row in _rows(programs.ValueType.objects.filter(brand=brand)):
        kind = ":".join(filter(None, (row.balance_type, row.balance_code)))
        value_types[row.program_id].append(_part(d.ValueType, row, type=kind))
    card_sets: dict[int, list[d.CardSet]] = defaultdict(list)
    for row in _rows(programs.CardSet.objects.filter(brand=brand)):
        card_sets[row.program_id].append(_part(d.CardSet, row))
    return tuple(
        _part(d.Program, row, value_types=tuple(value_types[row.pk]), card_sets=tuple(card_sets[row.pk]))
        for row in _rows(programs.Program.objects.filter(brand=brand))
    )


def _products(brand: brands.Brand, categories: Codes) -> tuple[d.Product, ...]:
    tags: dict[int, list[str]] = defaultdict(list)
    for product_id, tag in catalog.ProductTag.objects.filter(brand=brand).values_list("product_id", "tag"):
        tags[product_id].append(tag)
    return tuple(
        _part(
            d.Product,
            row,
            category=categories[row.category_id] if row.category_id is not None else None,
            tags=tuple(sorted(tags[row.pk])),
        )
        for row in _rows(catalog.Product.objects.filter(brand=brand))
    )


def _event_types(brand: brands.Brand) -> tuple[d.EventType, ...]:
    return tuple(
        _part(d.EventType, row, category=row.category_id, specific=row.specific_id)
        for row in _rows(customers.EventType.objects.filter(brand=brand, root_type="CUSTOM"))
    )


def _campaigns(brand: brands.Brand) -> tuple[d.Campaign, ...]:
    revisions: dict[int, dict[str, d.Revision]] = defaultdict(dict)
    current = campaigns.Revision.objects.filter(brand=brand).exclude(state=campaigns.Revision.ARCHIVED)
    for row in _rows(current):
        says = definitions.read_campaign(row.definition)
        revisions[row.campaign_id][row.state] = d.Revision(uuid=row.uuid, says=says)
    return tuple(_campaign(row, revisions[row.pk]) for row in _rows(campaigns.Campaign.objects.filter(brand=brand)))


def _campaign(row: campaigns.Campaign, revisions: Mapping[str, d.Revision]) -> d.Campaign:
    published = revisions.get(campaigns.Revision.PUBLISHED)
    return d.Campaign(
        uuid=row.uuid,
        name="" if published is not None else row.name,
        is_paused=row.is_paused,
        published=published,
        draft=revisions.get(campaigns.Revision.DRAFT),
    )
