"""Tables of segments: named groups of cards."""

import pghistory
from django.db import models

from apps.brands.models import BrandRow
from apps.kernel.db.constraints import BrandForeignKey
from apps.kernel.db.fields import BrandKey
from apps.kernel.db.triggers import fixed_code, never_deleted


@pghistory.track()
class Segment(BrandRow):
    """A named group of cards. Its members are given by lists, the last of which came at `refreshed_at`."""

    description = models.TextField(blank=True)
    created_at = models.DateTimeField()
    refreshed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers = [never_deleted(), fixed_code()]
        constraints = [
            models.UniqueConstraint(name="segments_segment_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="segments_segment_code", fields=["brand", "code"]),
            BrandForeignKey(name="segments_segment_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]),
        ]


class Member(models.Model):
    """A card is in a segment; `wallet_id` is the root card's or a child card's."""

    pk = models.CompositePrimaryKey("brand_id", "segment_id", "wallet_id")
    brand = BrandKey()
    segment_id = models.BigIntegerField()
    wallet_id = models.BigIntegerField()
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index("brand_id", "wallet_id", name="segments_member_wallet")]
        constraints = [
            BrandForeignKey(name="segments_member_of", columns=["brand_id", "segment_id"], to="segments_segment"),
            BrandForeignKey(name="segments_member_wallet_key", columns=["brand_id", "wallet_id"], to="ledger_wallet"),
        ]
