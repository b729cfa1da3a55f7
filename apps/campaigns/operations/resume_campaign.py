"""Resume a campaign."""

from django.db import transaction

from apps.brands.models import Brand
from apps.brands.operations.publish_config import publish_config
from apps.campaigns.models import Campaign
from apps.campaigns.operations.lock_campaign import lock_campaign


def resume_campaign(*, brand: Brand, campaign_id: int) -> Campaign:
    """A paused campaign fires again from the next call on. A second time changes nothing; unknown: 9."""
    with transaction.atomic():
        campaign = lock_campaign(brand=brand, campaign_id=campaign_id)
        if campaign.is_paused:
            campaign.is_paused = False
            campaign.save(update_fields=["is_paused"])
            publish_config(brand_id=brand.pk)
    return campaign
