"""The global search box."""

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
        return render(http, "portal/find/several.html", {"text": typed, "lines": lines, "is_cut": len(lines) == MOST})
    people = find_people(brand=visitor.brand, locations=visitor.locations, text=text)
    context = {
        "text": typed,
        "people": [_shown(person, hide=not visitor.may("see_personal_data")) for person in people],
        "is_cut": len(people) == MOST_PEOPLE,
    }
    return render(http, f"portal/find/{'people' if people else 'nothing'}.html", context)


def _shown(person: PersonFound, *, hide: bool) -> dict[str, str]:
    name = f"{person.first_name} {person.last_name}".strip()
    phones = ", ".join(filter(None, (person.phone, person.mobile_phone)))
    personal = {"name": name, "email": person.email, "phones": phones}
    if hide:
        personal = {key: HIDDEN if value else "" for key, value in personal.items()}
    return {"card": person.card_number, **personal}
