"""Customer service > Messages: what campaigns and opt-ins sent, or why they did not."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.kernel.ids import parse_id
from apps.lookups.queries.portal_messages import CHANNELS, STATES, message_page
from apps.messaging.core.kinds import Channel, State
from apps.portal.access import Visitor, page
from apps.portal.core.chips import chips, query_string
from apps.portal.pages.request_list import TookTooLong, patience

PAGE_SIZE = 50


class MessageFilterForm(forms.Form):
    """The filters of the list."""

    card = forms.CharField(
        required=False, label="Card number", max_length=64, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    state = forms.ChoiceField(
        required=False,
        label="State",
        choices=[("", "Any"), *((each.name.lower(), word) for each, word in STATES.items())],
        error_messages={"invalid_choice": "There is no such state."},
    )
    channel = forms.ChoiceField(
        required=False,
        label="Channel",
        choices=[("", "Any"), *((each.value, word) for each, word in CHANNELS.items())],
        error_messages={"invalid_choice": "There is no such channel."},
    )


@page(permission="view_messages")
def messages(http: HttpRequest, visitor: Visitor) -> HttpResponse:
    """One page of the list; htmx asks for the results alone."""
    form = MessageFilterForm(http.GET)
    active = {name: http.GET[name].strip() for name in form.fields if http.GET.get(name, "").strip()}
    before = parse_id(http.GET.get("before", ""))
    context: dict[str, Any] = {
        "form": form,
        "active": active,
        "is_first": before is None,
        "timezone": visitor.brand.timezone,
        "hide_personal": not visitor.may("see_personal_data"),
    }
    if form.is_valid():
        found = form.cleaned_data
        try:
            with patience():
                shown = message_page(
                    brand=visitor.brand,
                    locations=visitor.locations,
                    size=PAGE_SIZE,
                    state=State[found["state"].upper()] if found["state"] else None,
                    channel=Channel(found["channel"]) if found["channel"] else None,
                    card=found["card"],
                    before=before,
                )
        except TookTooLong:
            context["took_too_long"] = True
        else:
            context |= {
                "rows": shown.rows,
                "chips": chips(((name, str(form.fields[name].label), _word(form, name)) for name in active), active),
                "newest": query_string(active),
                "older": shown.older and query_string(active, before=shown.older),
            }
    is_fragment = http.headers.get("HX-Target") == "results"
    return render(http, f"portal/outbox/{'_results' if is_fragment else 'page'}.html", context)


def _word(form: MessageFilterForm, name: str) -> str:
    value = str(form.cleaned_data[name])
    return str(dict(getattr(form.fields[name], "choices", ())).get(value, value))
