"""The Request Ref page: what a machine sent, what it was answered, and what that moved."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.lookups.queries.portal_request import RequestRecord, request_record
from apps.portal.access import Visitor, page
from apps.portal.core.json_text import readable, readable_headers
from apps.portal.filters import error_name
from apps.portal.highlight import highlighted
from apps.portal.pages.request_facts import machine_facts


@page(permission="view_requests")
def request(http: HttpRequest, visitor: Visitor, reference: UUID) -> HttpResponse:
    """One request of the brand; 404 for those of others and for those outside a restricted login's locations."""
    record = request_record(brand=visitor.brand, locations=visitor.locations, reference=reference, now=timezone.now())
    if record is None:
        raise Http404("No request has this reference.")
    hide = not visitor.may("see_personal_data")
    context = {
        "record": record,
        "facts": machine_facts(brand=visitor.brand, record=record, hide_personal=hide),
        "note_is_hidden": hide and record.note != "",
    }
    return render(http, "portal/request/page.html", context | _log_context(record, hide))


def _log_context(record: RequestRecord, hide: bool) -> dict[str, Any]:
    log = record.log
    if log is None:
        return {}
    headers = readable_headers(bytes(log.headers), hide_personal=hide)
    bodies = [headers, *(readable(bytes(raw), hide_personal=hide) for raw in (log.request, log.response))]
    titles = (("headers", "Headers"), ("request", "Request body"), ("response", "Response body"))
    return {
        "panes": [
            {"id": id, "title": title, "html": highlighted(body), "is_empty": not body.text}
            for (id, title), body in zip(titles, bodies, strict=True)
        ],
        "something_hidden": any(body.hidden for body in bodies),
        "error": error_name(log.error_code) if log.error_code else "",
    }
