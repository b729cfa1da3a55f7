"""What a return is about, as the till sends it, and what it is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.checkouts.core.returned import ReturnedProduct
from apps.coupons.core.returned import Reset
from apps.kernel.amounts import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What comes back, and what is to be done about its checkout. `additional` is value that no product explains."""

    products: Sequence[ReturnedProduct] = ()
    additional: Decimal = ZERO
    used_coupons: Reset = Reset.ON_FULL_RETURN
    fails_if_over: bool = True
    fails_if_coupons_used: bool = True
    disables_issued: bool = True
    reverses_payments: bool = False
    removes_events: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Returner:
    """Whose goods they are: a card's, its child's, or nobody's known; `checkout` refers to the one that they were
    bought in, where that is known."""

    card_number: str | None = None
    child_number: str | None = None
    checkout: str | None = None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What counts for the goods, in the checkout's currency; whether all of the checkout has come back by now."""

    total: Decimal
    is_full: bool
