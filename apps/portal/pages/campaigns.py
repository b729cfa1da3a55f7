"""Campaigns: the list, one campaign, and what puts it in force, pauses and resumes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from apps.campaigns.operations.pause_campaign import pause_campaign
from apps.campaigns.operations.publish_revision import FaultyCampaign, publish_revision
from apps.campaigns.operations.resume_campaign import resume_campaign
from apps.kernel.currencies import currency_scale
from apps.kernel.errors import InvalidInput
from apps.kernel.ids import parse_id
from apps.lookups.core.campaign_words import CampaignSaid, in_words
from apps.lookups.queries.portal_campaigns import (
    CampaignShown,
    RevisionShown,
    campaign_shown,
    campaigns_shown,
    recent_operations,
    revisions_shown,
)
from apps.lookups.queries.portal_request_rows import call_type_name
from apps.portal.access import Visitor, page
from apps.transactions.brand_file.text import to_text

DAYS = 30
"""Over how many days firings are counted."""


@page(permission="view_campaigns")
def campaigns(http: HttpRequest, visitor: Visitor) -> HttpResponse:
    """All campaigns, in the order in which they run."""
    rows = campaigns_shown(brand=visitor.brand, **_days(visitor))
    return render(http, "portal/campaigns/page.html", {"rows": rows, "days": DAYS})


@page(permission="view_campaigns")
def campaign(http: HttpRequest, visitor: Visitor, uuid: UUID) -> HttpResponse:
    """One campaign: its rules in words, budgets, revisions, and what it moved last. `?revision=` shows another one."""
    shown = _shown(visitor, uuid)
    revisions = revisions_shown(brand=visitor.brand, campaign_id=shown.id)
    wanted = parse_id(http.GET.get("revision", ""))
    chosen = next((each for each in revisions if each.uuid == wanted), shown.present)
    operations = recent_operations(brand=visitor.brand, locations=visitor.locations, campaign=uuid)
    context: dict[str, Any] = {
        "campaign": shown,
        "revisions": revisions,
        "chosen": chosen,
        "said": _said(visitor, chosen) if chosen else None,
        "yaml": to_text(chosen.definition) if chosen else "",
        "operations": [(each, call_type_name(each.call_type)) for each in operations],
        "days": DAYS,
    }
    return render(http, "portal/campaigns/campaign.html", context)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is asked and then done to a campaign: the words of its page, and what says that it is done."""

    title: str
    button: str
    text: str
    done: str
    do: Callable[[Visitor, CampaignShown, RevisionShown | None], object]


def _publish(visitor: Visitor, shown: CampaignShown, revision: RevisionShown | None) -> object:
    if revision is None:
        raise InvalidInput("There is nothing to publish.")
    return publish_revision(
        brand=visitor.brand, campaign_id=shown.id, now=timezone.now(), by=visitor.user.pk, uuid=revision.uuid
    )


STEPS = {
    "publish": Step(
        "Publish",
        "Publish the revision",
        "From the next call on, this revision decides, and the one that was in force until now does not.",
        "is in force from the next call on.",
        _publish,
    ),
    "pause": Step(
        "Pause",
        "Pause the campaign",
        "From the next call on, none of its rules fires, until it is resumed. What it has given stays given.",
        "is paused: its rules fire no more.",
        lambda visitor, shown, _: pause_campaign(brand=visitor.brand, campaign_id=shown.id),
    ),
    "resume": Step(
        "Resume",
        "Resume the campaign",
        "Its rules fire again from the next call on.",
        "fires again from the next call on.",
        lambda visitor, shown, _: resume_campaign(brand=visitor.brand, campaign_id=shown.id),
    ),
}


@page(permission="publish_campaigns", methods=("GET", "HEAD", "POST"))
def step(http: HttpRequest, visitor: Visitor, uuid: UUID, name: str) -> HttpResponse:
    """Ask, then publish a revision, pause or resume. The revision that was shown is meant, whatever came since."""
    chosen = STEPS.get(name)
    if chosen is None:
        raise Http404("No such step.")
    shown = _shown(visitor, uuid)
    revision = _revision(http, visitor, shown) if name == "publish" else None
    context = {"campaign": shown, "step": chosen, "name": name, "revision": revision}
    if http.method != "POST":
        if revision is not None:
            context["said"] = _said(visitor, revision)
        return render(http, "portal/campaigns/step.html", context)
    try:
        chosen.do(visitor, shown, revision)
    except FaultyCampaign as faulty:
        return render(http, "portal/campaigns/step.html", context | {"problems": faulty.problems}, status=422)
    except InvalidInput as refusal:
        return render(http, "portal/campaigns/step.html", context | {"problems": [refusal.message]}, status=422)
    messages.success(http, f"{shown.name} {chosen.done}")
    return redirect("portal:campaign", uuid)


def _shown(visitor: Visitor, uuid: UUID) -> CampaignShown:
    shown = campaign_shown(brand=visitor.brand, uuid=uuid, **_days(visitor))
    if shown is None:
        raise Http404("No such campaign.")
    return shown


def _revision(http: HttpRequest, visitor: Visitor, shown: CampaignShown) -> RevisionShown:
    """The revision that the form names; the draft, where it names none."""
    text = (http.POST if http.method == "POST" else http.GET).get("revision", "")
    if not text and shown.draft is not None:
        return shown.draft
    wanted = parse_id(text)
    found = revisions_shown(brand=visitor.brand, campaign_id=shown.id)
    revision = next((each for each in found if each.uuid == wanted), None)
    if revision is None:
        raise Http404("No such revision.")
    return revision


def _said(visitor: Visitor, revision: RevisionShown) -> CampaignSaid:
    currency = visitor.brand.currency
    return in_words(revision.definition, currency=currency, currency_scale=currency_scale(currency))


def _days(visitor: Visitor) -> dict[str, Any]:
    today = timezone.now().astimezone(ZoneInfo(visitor.brand.timezone)).date()
    return {"since": today - timedelta(days=DAYS - 1), "today": today}
