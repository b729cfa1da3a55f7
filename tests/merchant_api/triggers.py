"""What tests of calls that trigger campaigns share."""

from typing import Any

from apps.cards.models import Card, ChildCard
from apps.ledger.models import Lot
from apps.requestlog.models import Operation
from tests.shop import Reply, Shop


def member(shop: Shop, **customer: Any) -> str:
    """A loyalty card, with a customer if there is something to say about one."""
    card = shop.card(card_set=shop.loyalty_set)
    if customer:
        shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": customer})
    return card


def points_of(shop: Shop, card: str, child: str | None = None) -> int:
    """The points of a card, or of its child card."""
    root = Card.objects.get(brand=shop.brand, number=card)
    wallet = root.wallet_id
    if child is not None:
        wallet = ChildCard.objects.get(brand=shop.brand, family_id=root.family_id, number=child).wallet_id
    lots = Lot.objects.filter(brand=shop.brand, wallet_id=wallet, open=True)
    return int(sum(lot.remaining for lot in lots))


def operation_of(reply: Reply) -> Operation:
    """What a call left."""
    return Operation.objects.get(id=reply["requestRef"])
