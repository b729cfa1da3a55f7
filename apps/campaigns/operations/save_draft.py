"""Keep what a campaign is to say next."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.brands.models import Brand
from apps.campaigns.core.definitions import Campaign
from apps.campaigns.models import Revision
from apps.campaigns.operations.add_revision import add_revision, stored
from apps.campaigns.operations.lock_campaign import lock_campaign


def save_draft(
    *, brand: Brand, campaign_id: int, definition: Campaign, now: datetime, uuid: UUID | None = None
) -> Revision:
    """Make the campaign's draft, or replace what it says.

    A draft may be unfinished: it is checked when it is published. With the `uuid` of another installation's draft, one
    that has another UUID is given up (archived). Unknown campaign, or a UUID that another revision has: 9.
    """
    with transaction.atomic():
        campaign = lock_campaign(brand=brand, campaign_id=campaign_id)
        draft = Revision.objects.filter(brand=brand, campaign_id=campaign.pk, state=Revision.DRAFT).first()
        if draft is not None and uuid in (None, draft.uuid):
            draft.definition = stored(definition)
            draft.save(update_fields=["definition"])
            return draft
        if draft is not None:
            draft.state = Revision.ARCHIVED
            draft.save(update_fields=["state"])
        return add_revision(campaign=campaign, definition=definition, state=Revision.DRAFT, now=now, uuid=uuid)
