"""The start page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.lookups.queries.portal_day import day_so_far
from apps.lookups.queries.portal_request_rows import request_rows
from apps.lookups.queries.portal_requests import request_page, visible_requests
from apps.portal.access import Visitor, page
from apps.portal.filters import error_name

LATEST = 8


@page()
def start(http: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Today's calls and refusals for those who read the request log, a plain welcome for all others."""
    if not visitor.may("view_requests"):
        return render(http, "portal/start/welcome.html")
    now = timezone.now()
    requests = visible_requests(brand=visitor.brand, locations=visitor.locations)
    day = day_so_far(requests=requests, timezone=visitor.brand.timezone, now=now)
    latest = request_page(requests=requests, size=LATEST).requests
    context = {
        "day": day,
        "refusals": [(code, error_name(code), calls) for code, calls in day.by_code],
        "today": timezone.localdate(now),
        "rows": request_rows(brand=visitor.brand, requests=latest, now=now),
        "timezone": visitor.brand.timezone,
    }
    return render(http, "portal/start/page.html", context)
