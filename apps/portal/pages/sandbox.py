"""Documentation > JSON API Sandbox: a call put together by hand, and its answer.

The page only draws the frame. What methods and fields there are, the browser reads from the OpenAPI document; the call
goes from the browser to the JSON API, so that key and secret never pass through the portal.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.brands.models import Location, Terminal
from apps.portal.access import Visitor, page

MOST = 200
"""Locations, and terminals, that are offered to choose from. Any other can be typed."""


@page(permission="use_sandbox")
def sandbox(http: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The form; it begins at the first location that the login sees, and its first terminal."""
    locations = Location.objects.filter(brand=visitor.brand).order_by("code")
    terminals = Terminal.objects.filter(brand=visitor.brand).order_by("code")
    if visitor.locations is not None:
        locations = locations.filter(pk__in=visitor.locations)
        terminals = terminals.filter(location_id__in=visitor.locations)
    first = locations.first()
    context = {
        "locations": locations.values_list("code", "name")[:MOST],
        "terminals": terminals.values_list("code", flat=True).distinct()[:MOST],
        "location": first,
        "terminal": terminals.filter(location=first).first() if first else None,
    }
    return render(http, "portal/sandbox/page.html", context)
