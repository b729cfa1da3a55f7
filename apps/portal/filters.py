"""Filters of the request list. Their names are the parameters of its URL."""

from datetime import date
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet

from apps.brands.models import Location
from apps.kernel.errors import ErrorCode
from apps.kernel.ids import lowest_id, parse_id
from apps.lookups.queries.portal_find import with_custom_id, with_external_id
from apps.lookups.queries.portal_time import day_after, start_of_day
from apps.portal.access import Visitor
from apps.requestlog.core.kinds import METHOD_NUMBERS
from apps.requestlog.models import Request

Requests = QuerySet[Request]
OUTCOMES = (("success", "Success"), ("refused", "Refused"))


def error_name(code: int) -> str:
    """What people call an error code: `2 Card not found`."""
    if code not in set(ErrorCode):
        return str(code)
    words = ErrorCode(code).name.replace("_", " ").capitalize()
    return f"{code} {words.replace(' pin', ' PIN').replace(' id', ' ID')}"


class RequestFilter(filters.FilterSet):  # type: ignore[misc]
    """Narrows the requests that a visitor may see. All comparisons are exact; days are days of the brand."""

    ref = filters.CharFilter(method="by_ref", label="Request Ref")
    card = filters.CharFilter(field_name="card_number", label="Card number")
    external = filters.CharFilter(method="by_external", label="External ID")
    custom = filters.CharFilter(method="by_custom", label="Custom request ID")
    method = filters.ChoiceFilter(
        method="by_method", label="Method", choices=[(name, name) for name in METHOD_NUMBERS], empty_label="Any"
    )
    outcome = filters.ChoiceFilter(method="by_outcome", label="Outcome", choices=OUTCOMES, empty_label="Any")
    error = filters.ChoiceFilter(
        field_name="error_code",
        label="Error code",
        choices=[(str(code.value), error_name(code)) for code in ErrorCode],
        empty_label="Any",
    )
    location = filters.ModelChoiceFilter(
        label="Location", to_field_name="code", method="by_location", queryset=None, empty_label="Any"
    )
    since = filters.DateFilter(
        method="by_since", label="From", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = filters.DateFilter(
        method="by_until", label="To", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any, *, queryset: Requests, visitor: Visitor) -> None:
        super().__init__(data, queryset=queryset)
        self.timezone = visitor.brand.timezone
        places = Location.objects.filter(brand=visitor.brand).order_by("name")
        if visitor.locations is not None:
            places = places.filter(pk__in=visitor.locations)
        self.filters["location"].queryset = places

    def by_ref(self, rows: Requests, _: str, text: str) -> Requests:
        """A malformed reference fits nothing, like an unknown one."""
        reference = parse_id(text)
        return rows.filter(id=reference) if reference else rows.none()

    def by_external(self, rows: Requests, _: str, text: str) -> Requests:
        return with_external_id(rows, text)

    def by_custom(self, rows: Requests, _: str, text: str) -> Requests:
        return with_custom_id(rows, text)

    def by_method(self, rows: Requests, _: str, name: str) -> Requests:
        return rows.filter(method=METHOD_NUMBERS[name])

    def by_outcome(self, rows: Requests, _: str, outcome: str) -> Requests:
        return rows.filter(error_code=0) if outcome == "success" else rows.filter(error_code__gt=0)

    def by_location(self, rows: Requests, _: str, location: Location) -> Requests:
        return rows.filter(location_id=location.pk)

    def by_since(self, rows: Requests, _: str, day: date) -> Requests:
        return rows.filter(id__gte=lowest_id(start_of_day(day, timezone=self.timezone)))

    def by_until(self, rows: Requests, _: str, day: date) -> Requests:
        return rows.filter(id__lt=lowest_id(start_of_day(day_after(day), timezone=self.timezone)))
