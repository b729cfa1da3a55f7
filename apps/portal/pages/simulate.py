"""Campaigns > Try it: what campaigns would make of a call, without making it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.campaigns.core.definitions import Published
from apps.kernel.amounts import with_digits
from apps.kernel.errors import ErrorCode, Refusal
from apps.kernel.ids import new_id
from apps.lookups.core.explanation import draw, rule_names, shows_personal
from apps.lookups.queries.explain_request import Explained, revision_numbers
from apps.lookups.queries.portal_card import card_shown
from apps.portal.access import Visitor, page
from apps.portal.filters import error_name
from apps.portal.simulation_form import SimulationForm
from apps.programs.queries.configuration import fresh_configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import Origin
from apps.transactions.answers import MutationSeen
from apps.transactions.operations.simulate import simulate as simulate_call
from apps.transactions.simulation.question import Simulated


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One movement of value, or a discount."""

    amount: str
    unit: str
    goods: str
    campaign: str
    rule: str


@page(permission="view_campaigns", methods=("GET", "HEAD", "POST"))
def simulate(http: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The form, and below it what would come of it; htmx asks for the results alone. A GET may fill the form."""
    initial = {name: http.GET[name] for name in ("card", "revision", "trigger") if name in http.GET}
    form = SimulationForm(http.POST or None, visitor=visitor, initial=initial)
    context: dict[str, Any] = {"form": form, "groups": form.groups(), "timezone": visitor.brand.timezone}
    if form.is_valid():
        context |= _results(visitor, form)
    is_fragment = http.headers.get("HX-Target") == "results"
    return render(http, f"portal/simulate/{'_results' if is_fragment else 'page'}.html", context)


def _results(visitor: Visitor, form: SimulationForm) -> dict[str, Any]:
    question = form.question
    number = question.shopper.card_number
    if number is not None and not _may_see(visitor, number):
        return {"problem": "There is no such card.", "code": error_name(ErrorCode.CARD_NOT_FOUND)}
    configuration = fresh_configuration(visitor.brand.code)
    assert configuration is not None, "an active brand has a configuration"
    try:
        found = simulate_call(call=_call(visitor, form), configuration=configuration, question=question)
    except Refusal as refusal:
        return {"problem": refusal.message, "code": error_name(refusal.code)}
    return _shown(visitor, found)


def _may_see(visitor: Visitor, number: str) -> bool:
    """A login that is restricted to locations tries cards that have to do with these."""
    if visitor.locations is None:
        return True
    return card_shown(brand=visitor.brand, locations=visitor.locations, number=number, now=timezone.now()) is not None


def _call(visitor: Visitor, form: SimulationForm) -> Call:
    moment = form.cleaned_data["moment"] or timezone.now()
    place = form.cleaned_data["location"]
    return Call(
        id=new_id(),
        brand_id=visitor.brand.pk,
        origin=Origin.PORTAL,
        now=moment,
        moment=moment,
        location_id=place.pk if place is not None else None,
        user_id=visitor.user.pk,
    )


def _shown(visitor: Visitor, found: Simulated) -> dict[str, Any]:
    uuids = [each.revision_uuid for each in found.campaigns]
    campaigns = draw(
        found.campaigns,
        [(found.facts, found.outcome)],
        skipped=found.said.skipped,
        numbers=revision_numbers(brand_id=visitor.brand.pk, uuids=uuids),
    )
    hide = not visitor.may("see_personal_data")
    facts, scale = found.facts, found.facts.currency_scale
    return {
        "found": found,
        "explanation": Explained(campaigns, ()),
        "hide_personal": hide,
        "something_hidden": hide and (shows_personal(campaigns) or bool(found.said.direct)),
        "currency": facts.currency,
        "totals": [
            (label, f"{with_digits(amount, at_least=scale):,f}")
            for label, amount in (
                ("Total", found.total),
                ("Discount by campaigns", found.outcome.discount),
                ("To pay", found.spend),
            )
            if amount is not None and found.total is not None
        ],
        "lines": [_line(each, found.campaigns, facts.currency) for each in found.mutations],
        "refused": error_name(found.refusal.code) if found.refusal is not None else "",
    }


def _line(mutation: MutationSeen, campaigns: tuple[Published, ...], currency: str) -> Line:
    cause = mutation.cause
    names = {each.campaign_uuid: each.definition.name for each in campaigns}
    kind = mutation.value_type
    return Line(
        amount=f"{mutation.amount:+,f}".replace("-", "\N{MINUS SIGN}") if kind else f"{mutation.amount:,f}",
        unit=kind.name if kind is not None else f"{currency} discount",
        goods=mutation.goods.sku if mutation.goods is not None else "",
        campaign=names.get(cause.campaign, "") if cause is not None else "Payment",
        rule=rule_names(campaigns).get(cause.rule, "") if cause is not None and cause.rule is not None else "",
    )
