"""Put a revision of a campaign in force."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.brands.models import Brand
from apps.brands.operations.publish_config import publish_config
from apps.campaigns.core import definitions
from apps.campaigns.core.definitions import read_campaign
from apps.campaigns.core.validate import problems_of
from apps.campaigns.models import Campaign, Revision
from apps.campaigns.operations.keep_budgets import keep_budgets
from apps.campaigns.operations.lock_campaign import lock_campaign
from apps.campaigns.queries.known_names import known_names
from apps.kernel.errors import InvalidInput
from apps.messaging.core.templates import check


class NothingToPublish(InvalidInput):
    """The campaign has no draft, or no such revision (9)."""

    message = "There is nothing to publish."


class FaultyCampaign(InvalidInput):
    """The definition has faults (9); `problems` are all of them, in words."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("This campaign cannot be published. " + " ".join(problems))
        self.problems = problems


def publish_revision(
    *, brand: Brand, campaign_id: int, now: datetime, by: int | None = None, uuid: UUID | None = None
) -> Revision:
    """Every call from the next one on is evaluated by the campaign's draft, or by the revision with this `uuid`, which
    may be one that was in force before. `by`: the user.

    In this order: the definition is checked against the brand's configuration, the revision in force is archived, this
    one takes its place, budgets get their rows (what they gave stays counted), every process is told. A revision that
    is in force already stays as it is. Unknown campaign or revision, no draft, a definition with faults: 9.
    """
    with transaction.atomic():
        campaign = lock_campaign(brand=brand, campaign_id=campaign_id)
        revision = _chosen(brand, campaign, uuid)
        if revision.state == Revision.PUBLISHED:
            return revision
        definition = read_campaign(revision.definition)
        problems = problems_of(definition, known=known_names(brand=brand), check_template=check)
        if problems := [*problems, *_taken(brand, campaign, definition)]:
            raise FaultyCampaign(problems)
        _replace(brand, campaign, revision, now, by)
        keep_budgets(brand=brand, campaign=campaign, definition=definition, now=now)
        if campaign.name != definition.name:
            campaign.name = definition.name
            campaign.save(update_fields=["name"])
        publish_config(brand_id=brand.pk)
    return revision


def _chosen(brand: Brand, campaign: Campaign, uuid: UUID | None) -> Revision:
    found = Revision.objects.filter(brand=brand, campaign_id=campaign.pk)
    found = found.filter(state=Revision.DRAFT) if uuid is None else found.filter(uuid=uuid)
    revision = found.first()
    if revision is None:
        raise NothingToPublish
    return revision


def _taken(brand: Brand, campaign: Campaign, definition: definitions.Campaign) -> Iterator[str]:
    """Firings are counted, and single rules are called, by the UUIDs of rules: two campaigns must not share one."""
    own = {str(rule.uuid) for rule in definition.rules}
    others = Revision.objects.filter(brand=brand, state=Revision.PUBLISHED).exclude(campaign_id=campaign.pk)
    for other in others.order_by("campaign_id"):
        for uuid in sorted(own & {rule["uuid"] for rule in other.definition.get("rules", ())}):
            yield f"The campaign {other.definition['name']!r} has a rule {uuid} already: give this one another UUID."


def _replace(brand: Brand, campaign: Campaign, revision: Revision, now: datetime, by: int | None) -> None:
    former = Revision.objects.filter(brand=brand, campaign_id=campaign.pk, state=Revision.PUBLISHED)
    former.update(state=Revision.ARCHIVED)
    revision.state, revision.published_at, revision.published_by = Revision.PUBLISHED, now, by
    revision.save(update_fields=["state", "published_at", "published_by"])
