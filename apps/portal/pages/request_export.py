"""The request list as a CSV file."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

import structlog
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from apps.brands.models import Brand
from apps.lookups.queries.portal_request_rows import RequestRow, request_rows
from apps.lookups.queries.portal_requests import request_page
from apps.portal.access import Visitor, page
from apps.portal.core.csv_cells import safe_cell
from apps.portal.csv_answer import Echo
from apps.portal.pages.request_list import TookTooLong, narrowed, patience, render_list
from apps.requestlog.models import Request

log = structlog.get_logger(__name__)
BATCH = 500
MOST = 20_000
COLUMNS = (
    "Request",
    "External ID",
    "Custom request ID",
    "Card Number",
    "Child Card",
    "Method",
    "Type",
    "Error code",
    "Date",
    "Terminal",
    "Amount",
    "Location",
    "Has Hold",
)


@page(permission="view_requests")
def request_export(http: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """All rows that the list shows under the same filters, newest first, read and sent in batches.

    The first batch is read before the answer begins: a query that takes too long gets the list's own page.
    """
    found = narrowed(http, visitor)
    if not found.is_valid:
        return HttpResponseBadRequest("A filter of this address cannot be understood.", content_type="text/plain")
    now = timezone.now()
    day = now.astimezone(ZoneInfo(visitor.brand.timezone)).date()
    batches = _batches(visitor.brand, found.requests, now)
    try:
        with patience():
            first = next(batches)
    except TookTooLong:
        return render_list(http, visitor, found, {"took_too_long": True})
    return StreamingHttpResponse(
        _lines(visitor.brand, chain([first], batches)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="requests-{day}.csv"'},
    )


def _batches(brand: Brand, requests: "QuerySet[Request]", now: datetime) -> Iterator[list[RequestRow] | None]:
    """Rows in batches, at least one; None at last if there are more rows than a file holds."""
    before, sent = None, 0
    while sent < MOST:
        page = request_page(requests=requests, size=BATCH, before=before)
        yield request_rows(brand=brand, requests=page.requests, now=now)
        before, sent = page.older, sent + len(page.requests)
        if before is None:
            return
    yield None


def _lines(brand: Brand, batches: Iterable[list[RequestRow] | None]) -> Iterator[str]:
    """A file that cannot be finished says so in its last row: its status was sent long before."""
    writer = csv.writer(Echo())
    zone = ZoneInfo(brand.timezone)
    yield writer.writerow([f"Date ({brand.timezone})" if name == "Date" else name for name in COLUMNS])
    try:
        for rows in batches:
            if rows is None:
                yield writer.writerow([f"Cut after {MOST} rows: narrow the dates for the rest."])
                return
            for row in rows:
                yield writer.writerow([safe_cell(cell) for cell in _cells(row, zone)])
    except DatabaseError:
        log.exception("export cut short")
        yield writer.writerow(["INCOMPLETE: something went wrong here. Narrow the dates and try again."])


def _cells(row: RequestRow, zone: ZoneInfo) -> list[str]:
    return [
        str(row.reference),
        row.external_id,
        row.custom_id,
        row.card_number,
        row.child_number,
        row.method,
        row.call_type,
        str(row.error_code or ""),
        row.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
        row.terminal,
        "; ".join(f"{moved.label} {moved.amount}" for moved in row.movements),
        row.location,
        "" if row.hold is None else "open" if row.hold else "ended",
    ]
