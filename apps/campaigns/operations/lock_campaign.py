"""The lock of a campaign's configuration: whoever changes what it says takes it first."""

from apps.brands.models import Brand
from apps.campaigns.models import Campaign
from apps.kernel.errors import InvalidInput


class CampaignNotFound(InvalidInput):
    """The brand has no such campaign (9)."""

    message = "There is no such campaign."


def lock_campaign(*, brand: Brand, campaign_id: int) -> Campaign:
    """The campaign, until the caller's transaction ends."""
    campaign = Campaign.objects.select_for_update(no_key=True).filter(brand=brand, pk=campaign_id).first()
    if campaign is None:
        raise CampaignNotFound
    return campaign
