"""The global search box."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.lookups.queries.portal_find import MOST, find_exact
from apps.lookups.queries.portal_people import MOST as MOST_PEOPLE
from apps.lookups.queries.portal_people import PersonFound, find_people
from apps.lookups.queries.portal_request_rows import call_type_name
from apps.portal.access import Visitor, page
from apps.portal.core.json_text import HIDDEN


class FindForm(forms.Form):
    """One box for every kind of reference, and for people; ids have no longest length."""

    q = forms.CharField()


@page(permission="view_requests")
def find(http: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Open the one record that fits exactly, or list those that share the reference, else people that fit in part."""
    form = FindForm(http.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = find_exact(brand=visitor.brand, locations=visitor.locations, text=text) if text else None
    if found and found.reference:
        return redirect("portal:request", reference=found.reference)
    if found and found.kind:
        return redirect(f"{reverse('portal:requests')}?{urlencode({found.kind: text})}")
    typed = http.GET.get("q", "").strip()
    if found and found.operations:
        lines = [(each.id, call_type_name(each.call_type), each.occurred_at) for each in found.operations]
        context = {"searched": typed, "lines": lines, "is_cut": len(lines) == MOST}
        return render(http, "portal/find/several.html", context)
    hide = not visitor.may("see_personal_data")
    people = find_people(brand=visitor.brand, locations=visitor.locations, text=text, only_whole=hide)
    context = {
        "searched": typed,
        "people": [_shown(person, hide=hide) for person in people],
        "is_hidden": hide,
        "is_cut": len(people) == MOST_PEOPLE,
    }
    return render(http, f"portal/find/{'people' if people else 'nothing'}.html", context)


def _shown(person: PersonFound, *, hide: bool) -> dict[str, Any]:
    name = f"{person.first_name} {person.last_name}".strip()
    phones = [phone for phone in (person.phone, person.mobile_phone) if phone]
    shown = {"card": person.card_number, "name": name, "email": person.email, "phones": phones}
    return shown | _hidden(shown) if hide else shown


def _hidden(shown: dict[str, Any]) -> dict[str, Any]:
    """What there is still shows, but not what it is."""
    texts = {key: HIDDEN for key in ("name", "email") if shown[key]}
    return texts | {"phones": [HIDDEN for _ in shown["phones"]]}
