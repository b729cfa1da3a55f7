"""What a call adds to the facts about the card, or the child card, that it was made for."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from apps.checkouts.core.totals import CheckoutLine
from apps.facts.fragments import purchase, take_back_purchase, visit
from apps.facts.return_fragments import goods_back, take_back_return
from apps.kernel.fragments import Fragment
from apps.transactions.under_lock import Scene


def visited(scene: Scene) -> Fragment:
    """The holder came."""
    return visit(brand_id=scene.call.brand_id, wallet_id=_whose(scene), at=scene.book.at)


def bought(scene: Scene, *, currency: str, spend: Decimal, lines: Sequence[CheckoutLine]) -> list[Fragment]:
    """The holder came and bought something; `spend` is after all discounts, in `currency`."""
    call = scene.call
    kept = purchase(
        brand_id=call.brand_id,
        wallet_id=_whose(scene),
        location_id=call.location_id,
        currency=currency,
        spend=spend,
        lines=lines,
        happened_at=call.moment,
    )
    return [visited(scene), *kept]


def unbought(scene: Scene, checkout_id: UUID) -> list[Fragment]:
    """A checkout of the card, or of one that was transferred into it, is voided."""
    return take_back_purchase(brand_id=scene.call.brand_id, wallet_id=_whose(scene), checkout_id=checkout_id)


def brought_back(scene: Scene, *, currency: str, total: Decimal, lines: Sequence[CheckoutLine]) -> list[Fragment]:
    """The holder brought goods back; `total` is what counts for them, in `currency`. That is no visit."""
    brand_id, wallet_id = scene.call.brand_id, _whose(scene)
    return goods_back(brand_id=brand_id, wallet_id=wallet_id, currency=currency, total=total, lines=lines)


def unreturned(scene: Scene, return_id: UUID) -> list[Fragment]:
    """A return of the card, or of one that was transferred into it, is voided."""
    return take_back_return(brand_id=scene.call.brand_id, wallet_id=_whose(scene), return_id=return_id)


def _whose(scene: Scene) -> int:
    """Whoever paid, a child card's purchases and visits are its own."""
    return scene.child_id if scene.child_id is not None else scene.family_id
