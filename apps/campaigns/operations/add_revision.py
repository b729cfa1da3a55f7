"""Add a revision to a campaign."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
from django.db.models import Max

from apps.brands.operations.insert_row import insert_row
from apps.campaigns.core import definitions
from apps.campaigns.models import Campaign, Revision
from apps.kernel.errors import InvalidInput


class NotStorable(InvalidInput):
    """A text holds a character that the database does not store (9)."""

    message = "A text of the campaign holds the character NUL."


def add_revision(
    *, campaign: Campaign, definition: definitions.Campaign, state: str, now: datetime, uuid: UUID | None = None
) -> Revision:
    """Insert the next revision of a locked campaign: its draft, or (archived) one that was published elsewhere under
    this `uuid`. They are numbered from 1."""
    numbers = Revision.objects.filter(brand_id=campaign.brand_id, campaign_id=campaign.pk)
    row = Revision(
        brand_id=campaign.brand_id,
        campaign_id=campaign.pk,
        uuid=uuid or uuid4(),
        number=(numbers.aggregate(last=Max("number"))["last"] or 0) + 1,
        state=state,
        definition=stored(definition),
        created_at=now,
    )
    return insert_row(row=row, duplicate=f"There is a revision {uuid} already.")


def stored(definition: definitions.Campaign) -> Any:
    """The definition as its column keeps it."""
    if b"\\u0000" in msgspec.json.encode(definition):
        raise NotStorable
    return msgspec.to_builtins(definition)
