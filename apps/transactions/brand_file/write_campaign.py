"""Make a campaign say what the file says, its UUIDs kept."""

from datetime import datetime
from uuid import UUID

from apps.brands.models import Brand
from apps.campaigns.core.definitions import read_campaign
from apps.campaigns.models import Campaign, Revision
from apps.campaigns.operations.add_revision import add_revision
from apps.campaigns.operations.create_campaign import create_campaign
from apps.campaigns.operations.lock_campaign import lock_campaign
from apps.campaigns.operations.pause_campaign import pause_campaign
from apps.campaigns.operations.publish_revision import publish_revision
from apps.campaigns.operations.resume_campaign import resume_campaign
from apps.campaigns.operations.save_draft import save_draft
from apps.kernel.errors import InvalidInput
from apps.transactions.brand_file import document as d
from apps.transactions.brand_file.entries import Fields


def write_campaign(brand: Brand, fields: Fields, *, now: datetime) -> None:
    """Create the campaign if there is none; publish and draft what the file has, in this order; pause or resume it.

    A campaign with faults, and a revision that was published here with other words: 9.
    """
    uuid: UUID = fields["uuid"]
    row = Campaign.objects.filter(brand=brand, uuid=uuid).first()
    if row is None:
        row = create_campaign(brand=brand, name=fields["name"], now=now, uuid=uuid)
    if fields["published"] is not None:
        _publish(brand, row, fields["published"], now)
    elif row.name != fields["name"] and not _is_published(brand, row):
        Campaign.objects.filter(brand=brand, pk=row.pk).update(name=fields["name"])
    if fields["draft"] is not None:
        _draft(brand, row, fields["draft"], now)
    switch = pause_campaign if fields["is_paused"] else resume_campaign
    switch(brand=brand, campaign_id=row.pk)


def settled(known: Revision, wanted: d.Revision) -> bool:
    """Whether a revision that is here says already what the file says. One that was published, or given up, and says
    something else: 9."""
    is_same = read_campaign(known.definition) == wanted.says
    if not is_same and known.state != Revision.DRAFT:
        raise InvalidInput(
            f"The revision {wanted.uuid} says something else here, and is {known.state}: what was published never"
            " changes. Give what the file says a new UUID."
        )
    return is_same


def _is_published(brand: Brand, row: Campaign) -> bool:
    return Revision.objects.filter(brand=brand, campaign_id=row.pk, state=Revision.PUBLISHED).exists()


def _publish(brand: Brand, row: Campaign, wanted: d.Revision, now: datetime) -> None:
    known = _known(brand, row, wanted)
    if known is None:
        campaign = lock_campaign(brand=brand, campaign_id=row.pk)
        add_revision(campaign=campaign, definition=wanted.says, state=Revision.ARCHIVED, now=now, uuid=wanted.uuid)
    elif not settled(known, wanted):
        save_draft(brand=brand, campaign_id=row.pk, definition=wanted.says, now=now)
    publish_revision(brand=brand, campaign_id=row.pk, now=now, uuid=wanted.uuid)


def _draft(brand: Brand, row: Campaign, wanted: d.Revision, now: datetime) -> None:
    known = _known(brand, row, wanted)
    if known is None or not settled(known, wanted):
        save_draft(brand=brand, campaign_id=row.pk, definition=wanted.says, now=now, uuid=wanted.uuid)


def _known(brand: Brand, row: Campaign, wanted: d.Revision) -> Revision | None:
    return Revision.objects.filter(brand=brand, campaign_id=row.pk, uuid=wanted.uuid).first()
