"""Create a campaign, which says nothing yet."""

from datetime import datetime
from uuid import UUID, uuid4

from apps.brands.core.codes import check_name
from apps.brands.models import Brand
from apps.brands.operations.insert_row import insert_row
from apps.campaigns.models import Campaign


def create_campaign(*, brand: Brand, name: str, now: datetime, uuid: UUID | None = None) -> Campaign:
    """Insert the campaign; `uuid` is known where it comes from another installation. Nothing is published by it."""
    check_name(name)
    return insert_row(
        row=Campaign(brand=brand, uuid=uuid or uuid4(), name=name.strip(), created_at=now),
        duplicate=f"There is a campaign {uuid} already.",
    )
