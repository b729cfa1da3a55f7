"""What tests of segments share."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from apps.cards.models import Card, ChildCard
from apps.segments.models import Member, Segment
from apps.segments.operations.create_segment import create_segment
from apps.segments.operations.set_members import MembersSet, set_members
from tests.shop import Shop

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 4, 1, 12, tzinfo=UTC)


def segment_of(shop: Shop, code: str = "vip", *names: str, **more: Any) -> Segment:
    """A segment with these cards in it."""
    segment = create_segment(brand=shop.brand, code=code, name=code.title(), now=NOW, **more)
    if names:
        load(segment, names)
    return segment


def load(segment: Segment, names: Iterable[str], **more: Any) -> MembersSet:
    return set_members(**{"segment": segment, "names": names, "now": NOW, **more})


def members(segment: Segment) -> set[str]:
    """The cards of a segment by their numbers, child cards as number/child."""
    wallets = Member.objects.filter(brand_id=segment.brand_id, segment_id=segment.pk).values_list(
        "wallet_id", flat=True
    )
    cards = dict(Card.objects.filter(brand_id=segment.brand_id).values_list("wallet_id", "number"))
    children = {
        each.wallet_id: f"{cards[each.family_id]}/{each.number}"
        for each in ChildCard.objects.filter(brand_id=segment.brand_id)
    }
    return {(cards | children)[wallet] for wallet in wallets}
