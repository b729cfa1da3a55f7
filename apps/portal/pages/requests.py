"""The request list."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.kernel.ids import parse_id
from apps.lookups.queries.portal_request_rows import request_rows
from apps.lookups.queries.portal_requests import request_page
from apps.portal.access import Visitor, page
from apps.portal.core.chips import query_string
from apps.portal.pages.request_list import Narrowed, TookTooLong, narrowed, patience, render_list

PAGE_SIZE = 50


@page(permission="view_requests")
def requests(http: HttpRequest, visitor: Visitor) -> HttpResponse:
    """One page of the list."""
    found = narrowed(http, visitor)
    try:
        with patience():
            results = _results(http, visitor, found)
    except TookTooLong:
        results = {"took_too_long": True}
    return render_list(http, visitor, found, results)


def _results(http: HttpRequest, visitor: Visitor, found: Narrowed) -> dict[str, Any]:
    before, after = (parse_id(http.GET.get(name, "")) for name in ("before", "after"))
    page = request_page(requests=found.requests, size=PAGE_SIZE, before=before, after=after)
    return {
        "rows": request_rows(brand=visitor.brand, requests=page.requests, now=timezone.now()),
        "is_first": before is None and after is None,
        "newest": query_string(found.active),
        "older": page.older and query_string(found.active, before=page.older),
        "newer": page.newer and query_string(found.active, after=page.newer),
        "export": query_string(found.active),
    }
