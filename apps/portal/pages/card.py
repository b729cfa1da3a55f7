"""A card: what it is, and the checkout lock that support can release."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from apps.kernel.errors import Refusal
from apps.kernel.ids import new_id
from apps.lookups.queries.portal_card import CardShown, card_shown
from apps.portal.access import Visitor, page
from apps.programs.queries.configuration import fresh_configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import Origin
from apps.transactions.operations.release_checkout_lock import release_checkout_lock


class CardForm(forms.Form):
    """Which card, and which of its locks is meant."""

    number = forms.CharField(max_length=64)
    setup = forms.UUIDField(required=False)


@page(permission="view_requests")
def card(http: HttpRequest, visitor: Visitor) -> HttpResponse:
    """One card by its exact number. 404 for unknown ones and for those outside a restricted login's locations, unless
    the login may act on cards: whoever stands before a clerk is served."""
    context = {"card": _shown(http, visitor), "may_release": visitor.may("act_on_cards")}
    return render(http, "portal/card/page.html", context)


@page(permission="act_on_cards", methods=("GET", "HEAD", "POST"))
def release_lock(http: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Ask, then release the checkout lock that was shown. What is done stands in the card's history with the user."""
    shown = _shown(http, visitor)
    if http.method != "POST":
        return render(http, "portal/card/release_lock.html", {"card": shown})
    form = CardForm(http.POST)
    setup = form.cleaned_data["setup"] if form.is_valid() else None
    if setup is None:
        raise Http404("No checkout lock was named.")
    try:
        _release(visitor, shown, setup)
    except Refusal as refusal:
        messages.error(http, refusal.message)
    else:
        messages.success(http, "The card is released. The checkout that had locked it can be completed no more.")
    return redirect(f"{reverse('portal:card')}?{urlencode({'number': shown.number})}")


def _shown(http: HttpRequest, visitor: Visitor) -> CardShown:
    form = CardForm(http.POST if http.method == "POST" else http.GET)
    number = form.cleaned_data["number"] if form.is_valid() else ""
    locations = None if visitor.may("act_on_cards") else visitor.locations
    found = card_shown(brand=visitor.brand, locations=locations, number=number, now=timezone.now())
    if found is None:
        raise Http404("No such card.")
    return found


def _release(visitor: Visitor, shown: CardShown, setup: UUID) -> None:
    configuration = fresh_configuration(visitor.brand.code)
    assert configuration is not None, "an active brand has a configuration"
    now = timezone.now()
    call = Call(
        id=new_id(),
        brand_id=visitor.brand.pk,
        origin=Origin.PORTAL,
        now=now,
        moment=now,
        user_id=visitor.user.pk,
    )
    release_checkout_lock(call=call, configuration=configuration, card_number=shown.number, setup_id=setup)
