"""A card as its page shows it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from apps.brands.models import Brand
from apps.cards.core.status import CardStatus
from apps.cards.models import Card
from apps.ledger.models import Wallet
from apps.programs.models import CardSet
from apps.requestlog.models import Operation


@dataclass(frozen=True, slots=True)
class CardShown:
    """`lock` is the setup whose checkout lock is in force, over at `locked_until`; both None for most cards."""

    number: str
    card_set: str
    status: str
    activated_at: datetime | None
    lock: UUID | None
    locked_until: datetime | None


def card_shown(*, brand: Brand, locations: frozenset[int] | None, number: str, now: datetime) -> CardShown | None:
    """A card by its exact number; None if the brand has none, or (`locations`) it neither belongs to these nor was ever
    changed there."""
    card = Card.objects.filter(brand=brand, number=number).first()
    if card is None or not (locations is None or _touches(brand, card, locations)):
        return None
    is_locked = card.locked_until is not None and card.locked_until > now
    return CardShown(
        number=card.number,
        card_set=CardSet.objects.get(brand=brand, pk=card.card_set_id).name,
        status=CardStatus(card.status).wire_name,
        activated_at=card.activated_at,
        lock=card.locked_by if is_locked else None,
        locked_until=card.locked_until if is_locked else None,
    )


def _touches(brand: Brand, card: Card, locations: frozenset[int]) -> bool:
    if card.family_id is None:
        return False
    owned = Q(id=card.family_id) | Q(root_id=card.family_id)
    if Wallet.objects.filter(owned, brand_id=brand.pk, owner_location_id__in=locations).exists():
        return True
    return Operation.objects.filter(brand_id=brand.pk, family_id=card.family_id, location_id__in=locations).exists()
