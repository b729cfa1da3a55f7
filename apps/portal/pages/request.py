"""The Request Ref page: what a machine sent, what it was answered, what that moved, and what campaigns made of it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.lookups.core.explanation import shows_personal
from apps.lookups.queries.explain_request import explain_request
from apps.lookups.queries.portal_request import RequestRecord, request_record
from apps.portal.access import Visitor, page
from apps.portal.core.json_text import readable, readable_headers
from apps.portal.filters import error_name
from apps.portal.highlight import highlighted
from apps.portal.pages.request_facts import machine_facts
from apps.requestlog.fragments import ERASED
from apps.requestlog.models import Request

FIRING_METHODS = frozenset(
    {
        "checkout",
        "processMessage",
        "returnMerchandise",
        "triggerCampaignRule",
        "triggerCustomCampaigns",
        "triggerReferRewards",
        "updateAccount",
        "updateBalance",
    }
)
"""Methods that run rules of campaigns."""


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
        "hide_personal": hide,
    }
    return render(http, "portal/request/page.html", context | _log_context(record, hide))


def _log_context(record: RequestRecord, hide: bool) -> dict[str, Any]:
    log = record.log
    if log is None:
        return {}
    headers = readable_headers(bytes(log.headers), hide_personal=hide)
    bodies = [headers, *(readable(bytes(raw), hide_personal=hide) for raw in (log.request, log.response))]
    titles = (("headers", "Headers"), ("request", "Request body"), ("response", "Response body"))
    explanation = explain_request(brand_id=log.brand_id, facts=log.facts, verdicts=log.verdicts)
    hidden = hide and explanation is not None and shows_personal(explanation.campaigns)
    return {
        "panes": [
            {"id": id, "title": title, "html": highlighted(body), "is_empty": not body.text}
            for (id, title), body in zip(titles, bodies, strict=True)
        ],
        "something_hidden": hidden or any(body.hidden for body in bodies),
        "error": error_name(log.error_code) if log.error_code else "",
        "explanation": explanation,
        "explanation_erased": log.facts is None and _is_erased(record, log),
    }


def _is_erased(record: RequestRecord, log: Request) -> bool:
    """Whether the person of a call that campaigns may have looked at was erased. What ends a setup asks none."""
    ends_a_setup = record.setup is not None and not record.setup.is_setup
    return record.method in FIRING_METHODS and not ends_a_setup and bytes(log.request) == ERASED
