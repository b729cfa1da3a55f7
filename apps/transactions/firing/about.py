"""What a call is about, as campaigns see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.campaigns.core.facts import Basket
from apps.campaigns.core.kinds import Trigger
from apps.coupons.queries.coupons_sent import SetCoupon
from apps.kernel.amounts import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The triggers, in the order in which their rules run, and what the call itself says: known before anything is
    read.

    `skus` of the basket; `keys` custom key/values; `logged` categories of events; `message` that came in; `movement` of
    an updateBalance with the `moved` value type (`Currency:USD`) and its amount; `enrols` if the call wants to enrol;
    sales of `referred` customers; the one `rule` to run.
    """

    triggers: tuple[Trigger, ...]
    skus: Sequence[str] = ()
    keys: tuple[tuple[str, str], ...] = ()
    logged: tuple[str, ...] = ()
    message: str | None = None
    movement: str | None = None
    moved: str = ""
    moved_amount: Decimal = ZERO
    enrols: bool = False
    referred_total: Decimal = ZERO
    referred_count: int = 0
    rule: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What is known of a checkout (or a return) once it was read. `currency` is the checkout's; `paid_from_card` what
    its payments take from the card, by value type id."""

    basket: Basket
    currency: str
    coupons: Sequence[SetCoupon] = ()
    paid_from_card: dict[int, Decimal]
