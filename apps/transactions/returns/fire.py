"""What campaigns do about a return."""

from collections.abc import Sequence

from apps.campaigns.core.facts import Basket, Line
from apps.checkouts.core.returned import Returned
from apps.kernel.db.hot import Cursor
from apps.transactions.firing.about import Purchase
from apps.transactions.firing.fire import Fired, fire
from apps.transactions.firing.stage import Stage

_NEITHER: tuple[Sequence[str], Sequence[str]] = ((), ())


def fire_return(cursor: Cursor, stage: Stage, back: Returned, currency: str) -> Fired:
    """Evaluate the rules with the trigger `return` and carry them out, after the checkout was undone. What they see as
    the basket is what came back."""
    basket = Basket(total=back.total, seen=back.total, lines=_lines(stage, back))
    return fire(cursor, stage, Purchase(basket=basket, currency=currency, paid_from_card={}))


def _lines(stage: Stage, back: Returned) -> tuple[Line, ...]:
    known = stage.readings.get("products") or {}
    found = []
    for line in back.lines:
        categories, tags = known.get(line.sku) or _NEITHER
        found.append(
            Line(
                sku=line.sku,
                quantity=line.quantity,
                unit_price=line.unit_price,
                categories=tuple(categories or ()),
                tags=tuple(tags or ()),
            )
        )
    return tuple(found)
