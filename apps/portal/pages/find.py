"""The global search box."""

from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.lookups.queries.portal_find import MOST, find_exact
from apps.lookups.queries.portal_request_rows import call_type_name
from apps.portal.access import Visitor, page


class FindForm(forms.Form):
    """One box for every kind of reference; ids have no longest length."""

    q = forms.CharField()


@page(permission="view_requests")
def find(http: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Open the one record that fits exactly, or list those that share the reference."""
    form = FindForm(http.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = find_exact(brand=visitor.brand, locations=visitor.locations, text=text) if text else None
    if found and found.reference:
        return redirect("portal:request", reference=found.reference)
    if found and found.kind:
        return redirect(f"{reverse('portal:requests')}?{urlencode({found.kind: text})}")
    operations = found.operations if found else []
    context = {
        "text": http.GET.get("q", "").strip(),
        "lines": [(each.id, call_type_name(each.call_type), each.occurred_at) for each in operations],
        "is_cut": len(operations) == MOST,
    }
    return render(http, f"portal/find/{'several' if operations else 'nothing'}.html", context)
