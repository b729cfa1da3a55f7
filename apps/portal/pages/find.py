"""The global search box."""

from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.lookups.queries.portal_find import find_exact
from apps.portal.access import Visitor, page


class FindForm(forms.Form):
    """One box for every kind of reference."""

    q = forms.CharField(max_length=1000)


@page(permission="view_requests")
def find(http: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Open the one record that fits exactly, or the list of those that share the reference."""
    form = FindForm(http.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = find_exact(brand=visitor.brand, locations=visitor.locations, text=text) if text else None
    if found and found.reference:
        return redirect("portal:request", reference=found.reference)
    if found and found.kind:
        return redirect(f"{reverse('portal:requests')}?{urlencode({found.kind: text})}")
    return render(http, "portal/find/nothing.html", {"text": http.GET.get("q", "").strip()})
