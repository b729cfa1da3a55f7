"""What campaigns do about a return."""

from apps.campaigns.core.facts import Basket
from apps.checkouts.core.returned import Returned
from apps.kernel.db.hot import Cursor
from apps.transactions.firing.about import Purchase
from apps.transactions.firing.facts import lines_seen
from apps.transactions.firing.fire import Fired, fire
from apps.transactions.firing.stage import Stage


def fire_return(cursor: Cursor, stage: Stage, back: Returned, currency: str) -> Fired:
    """Evaluate the rules with the trigger `return` and carry them out, after the checkout was undone. What they see as
    the basket is what came back."""
    basket = Basket(total=back.total, seen=back.total, lines=lines_seen(stage, back.lines))
    return fire(cursor, stage, Purchase(basket=basket, currency=currency, paid_from_card={}))
