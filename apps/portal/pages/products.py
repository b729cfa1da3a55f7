"""Catalog > Products: the list, and its CSV file."""

from collections.abc import Iterator
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import render

from apps.catalog.queries.product_page import ProductRow, Wanted, all_products, category_names, product_page
from apps.kernel.amounts import with_digits
from apps.kernel.currencies import currency_scale
from apps.portal.access import Visitor, page
from apps.portal.core.chips import chips, query_string
from apps.portal.csv_answer import csv_answer
from apps.portal.forms import ProductFilterForm

PAGE_SIZE = 50
COLUMNS = ("SKU", "Name", "Category", "Tags", "Price", "Cost", "State")


@page(permission="view_catalog")
def products(http: HttpRequest, visitor: Visitor) -> HttpResponse:
    """One page of the list; htmx asks for the results alone."""
    form = _form(http, visitor)
    active = {name: http.GET[name].strip() for name in form.fields if http.GET.get(name, "").strip()}
    after = sort_key(http, "after")
    context = {"form": form, "currency": visitor.brand.currency, "active": active, "is_first": not after}
    if form.is_valid():
        found = product_page(brand=visitor.brand, wanted=form.wanted, size=PAGE_SIZE, after=after)
        context |= {
            "rows": [_cells(row, visitor.brand.currency) for row in found.rows],
            "chips": chips(((name, str(form.fields[name].label), form.shown(name)) for name in active), active),
            "first": query_string(active),
            "next": found.after and query_string(active, after=found.after),
        }
    is_fragment = http.headers.get("HX-Target") == "results"
    return render(http, f"portal/products/{'_results' if is_fragment else 'page'}.html", context)


@page(permission="view_catalog")
def product_export(http: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """All products that fit the filters."""
    form = _form(http, visitor)
    if not form.is_valid():
        return HttpResponseBadRequest("A filter of this address cannot be understood.", content_type="text/plain")
    return csv_answer(name="products.csv", heading=COLUMNS, rows=_rows(visitor, form.wanted))


def sort_key(http: HttpRequest, name: str) -> str:
    """The SKU behind which a page begins; the database knows no text with a NUL."""
    return http.GET.get(name, "").replace("\0", "")


def _form(http: HttpRequest, visitor: Visitor) -> ProductFilterForm:
    return ProductFilterForm(http.GET, categories=category_names(brand=visitor.brand))


def _rows(visitor: Visitor, wanted: Wanted) -> Iterator[list[str]]:
    for row in all_products(brand=visitor.brand, wanted=wanted):
        cells = _cells(row, visitor.brand.currency)
        yield [*cells[:3], ", ".join(row.tags), *cells[4:]]


def _cells(row: ProductRow, currency: str) -> tuple[str, str, str, list[str], str, str, str]:
    price, cost = _money(row.price, currency), _money(row.cost, currency)
    return row.sku, row.name, row.category, row.tags, price, cost, "Active" if row.is_active else "Inactive"


def _money(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else str(with_digits(amount, at_least=currency_scale(currency)))
