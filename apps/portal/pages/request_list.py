"""What the request list and its CSV file share: the filtered requests, the chips that tell how, and the patience."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg.errors import LockNotAvailable, QueryCanceled

from apps.lookups.queries.portal_requests import visible_requests
from apps.portal.access import Visitor
from apps.portal.core.chips import Chip, chips
from apps.portal.filters import RequestFilter
from apps.requestlog.models import Request

MAIN = ("card", "external", "method", "location", "since", "until")
MORE = ("outcome", "error", "custom", "ref")


class TookTooLong(Exception):
    """The database was stopped: too many requests fit, or something holds the table."""


@contextmanager
def patience() -> Iterator[None]:
    """Turn the database's limits of time into `TookTooLong`."""
    try:
        yield
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled | LockNotAvailable):
            raise
        raise TookTooLong from error


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The requests that fit the URL; none while a filter of the URL makes no sense."""

    filter: RequestFilter
    active: dict[str, str]
    is_valid: bool
    requests: "QuerySet[Request]"

    @property
    def chips(self) -> list[Chip]:
        """The active filters."""
        form = self.filter.form
        return chips(((name, form.fields[name].label, self._shown(name)) for name in self.active), self.active)

    def _shown(self, name: str) -> str:
        value = self.filter.form.cleaned_data.get(name)
        labels = dict(getattr(self.filter.form.fields[name], "choices", ())) if name in ("outcome", "error") else {}
        return str(labels.get(value, value or self.active[name]))


def narrowed(http: HttpRequest, visitor: Visitor) -> Narrowed:
    """Read the filters of a URL."""
    everything = visible_requests(brand=visitor.brand, locations=visitor.locations)
    filter = RequestFilter(http.GET, queryset=everything, visitor=visitor)
    active = {name: http.GET[name].strip() for name in filter.filters if http.GET.get(name, "").strip()}
    is_valid = filter.is_valid()
    return Narrowed(filter, active, is_valid, filter.qs if is_valid else everything.none())


def render_list(http: HttpRequest, visitor: Visitor, found: Narrowed, results: dict[str, Any]) -> HttpResponse:
    """The list's page with its results, or why there are none; htmx asks for the results alone."""
    form = found.filter.form
    context = {
        "filter": found.filter,
        "chips": found.chips,
        "timezone": visitor.brand.timezone,
        "main_fields": [form[name] for name in MAIN],
        "more_fields": [form[name] for name in MORE],
        "more_are_used": not found.active.keys().isdisjoint(MORE),
    }
    is_fragment = http.headers.get("HX-Target") == "results"
    template = "portal/requests/_results.html" if is_fragment else "portal/requests/page.html"
    return render(http, template, context | results)
