"""Take a campaign out of force."""

from django.db import transaction

from apps.brands.models import Brand
from apps.brands.operations.publish_config import publish_config
from apps.campaigns.models import Campaign, Revision
from apps.campaigns.operations.lock_campaign import lock_campaign


def archive_campaign(*, brand: Brand, campaign_id: int) -> Campaign:
    """No revision of the campaign is published any more; its draft stays. A second time changes nothing; unknown: 9."""
    with transaction.atomic():
        campaign = lock_campaign(brand=brand, campaign_id=campaign_id)
        published = Revision.objects.filter(brand=brand, campaign_id=campaign.pk, state=Revision.PUBLISHED)
        if published.update(state=Revision.ARCHIVED):
            publish_config(brand_id=brand.pk)
    return campaign
