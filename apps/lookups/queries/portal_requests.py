"""The request log as a list: what a login may see of it, and one page of it at a time."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from apps.brands.models import Brand
from apps.requestlog.models import Request


@dataclass(frozen=True, slots=True)
class Page:
    """Some requests, newest first; `older` and `newer` are where the neighbouring pages begin, None at an end."""

    requests: list[Request]
    older: UUID | None
    newer: UUID | None


def visible_requests(*, brand: Brand, locations: frozenset[int] | None) -> "QuerySet[Request]":
    """The brand's requests without their bodies and explanations; with `locations` only those that came from there."""
    found = Request.objects.filter(brand=brand).defer("headers", "request", "response", "facts", "verdicts")
    return found if locations is None else found.filter(location_id__in=locations)


def request_page(
    *, requests: "QuerySet[Request]", size: int, before: UUID | None = None, after: UUID | None = None
) -> Page:
    """The newest `size` requests, or those just older than `before`, or those just newer than `after`.

    Pages are found by key: one costs the same at the top and a million rows down, and nothing is counted.
    """
    if after is not None:
        found = list(requests.filter(id__gt=after).order_by("id")[: size + 1])
        rows, more_newer, more_older = found[:size][::-1], len(found) > size, True
    else:
        older = requests if before is None else requests.filter(id__lt=before)
        found = list(older.order_by("-id")[: size + 1])
        rows, more_newer, more_older = found[:size], before is not None, len(found) > size
    return Page(
        requests=rows,
        older=rows[-1].id if rows and more_older else None,
        newer=rows[0].id if rows and more_newer else None,
    )
