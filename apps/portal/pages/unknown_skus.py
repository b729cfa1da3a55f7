"""Catalog > Products > Unknown SKUs: what was sold and is no product; and its CSV file."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from psycopg.errors import QueryCanceled

from apps.kernel.db.hot import hot_cursor
from apps.lookups.queries.unknown_skus import UnknownSku, all_unknown_skus
from apps.lookups.queries.unknown_skus import unknown_skus as page_of_skus
from apps.portal.access import Visitor, page
from apps.portal.core.chips import query_string
from apps.portal.csv_answer import csv_answer
from apps.portal.pages.products import sort_key

PAGE_SIZE = 50


@page(permission="view_unknown_skus")
def unknown_skus(http: HttpRequest, visitor: Visitor) -> HttpResponse:
    """One page of the list, by SKU. For logins of the whole brand: the figures are of all places."""
    try:
        context = _results(http, visitor)
    except QueryCanceled:
        context = {"took_too_long": True}
    return render(http, "portal/unknown_skus/page.html", context)


@page(permission="view_unknown_skus")
def unknown_sku_export(http: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """All of them."""
    zone = visitor.brand.timezone
    heading = ("SKU", "Lines", "Units", f"First seen ({zone})", f"Last seen ({zone})")
    found = all_unknown_skus(hot_cursor(), brand_id=visitor.brand.pk)
    return csv_answer(name="unknown-skus.csv", heading=heading, rows=(_cells(each, zone) for each in found))


def _results(http: HttpRequest, visitor: Visitor) -> dict[str, Any]:
    after = sort_key(http, "after")
    found = page_of_skus(hot_cursor(), brand_id=visitor.brand.pk, count=PAGE_SIZE + 1, after=after)
    rows = found[:PAGE_SIZE]
    return {
        "rows": [(each, _units(each)) for each in rows],
        "is_first": not after,
        "next": query_string({}, after=rows[-1].sku) if len(found) > PAGE_SIZE else "",
    }


def _cells(each: UnknownSku, timezone: str) -> list[str]:
    zone = ZoneInfo(timezone)
    seen = (f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}" for moment in (each.first_seen, each.last_seen))
    return [each.sku, str(each.lines), _units(each), *seen]


def _units(each: UnknownSku) -> str:
    return f"{each.units.normalize():f}"
