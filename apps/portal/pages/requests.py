"""The request list."""

from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from psycopg.errors import LockNotAvailable, QueryCanceled

from apps.kernel.ids import parse_id
from apps.lookups.queries.portal_request_rows import request_rows
from apps.lookups.queries.portal_requests import request_page
from apps.portal.access import Visitor, page
from apps.portal.core.chips import query_string
from apps.portal.pages.request_list import Narrowed, narrowed

PAGE_SIZE = 50
MAIN = ("card", "external", "method", "location", "since", "until")
MORE = ("outcome", "error", "custom", "ref")


@page(permission="view_requests")
def requests(http: HttpRequest, visitor: Visitor) -> HttpResponse:
    """One page of the list; htmx asks for the results alone."""
    found = narrowed(http, visitor)
    form = found.filter.form
    context = {
        "filter": found.filter,
        "chips": found.chips,
        "timezone": visitor.brand.timezone,
        "main_fields": [form[name] for name in MAIN],
        "more_fields": [form[name] for name in MORE],
        "more_are_used": not found.active.keys().isdisjoint(MORE),
    }
    context |= _results(http, visitor, found)
    is_fragment = http.headers.get("HX-Target") == "results"
    template = "portal/requests/_results.html" if is_fragment else "portal/requests/page.html"
    return render(http, template, context)


def _results(http: HttpRequest, visitor: Visitor, found: Narrowed) -> dict[str, Any]:
    before, after = (parse_id(http.GET.get(name, "")) for name in ("before", "after"))
    try:
        page = request_page(requests=found.requests, size=PAGE_SIZE, before=before, after=after)
        rows = request_rows(brand=visitor.brand, requests=page.requests, now=timezone.now())
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled | LockNotAvailable):
            raise
        return {"took_too_long": True}
    return {
        "rows": rows,
        "is_first": before is None and after is None,
        "newest": query_string(found.active),
        "older": page.older and query_string(found.active, before=page.older),
        "newer": page.newer and query_string(found.active, after=page.newer),
        "export": query_string(found.active),
    }
