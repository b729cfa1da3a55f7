"""What a checkout is about, as the till sent it, and what it is answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from apps.checkouts.core.payments import PaymentInput
from apps.checkouts.core.totals import CheckoutLine
from apps.facts.queries.recommended import Recommended
from apps.transactions.answers import BalanceSeen, MutationSeen
from apps.transactions.under_lock import NO_PIN, PinClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What is bought: the till's own total and pre-discounts in the location's currency, the lines, the payments, the
    custom keys and values, the coupons and the card of whoever referred the customer.

    `drops_blocking`: coupons that cannot be used are left out instead of refusing the call; `needs_all_coupons`: one
    that no rule uses refuses it. `recommends`: so many products are recommended.
    """

    total: Decimal | None = None
    lines: Sequence[CheckoutLine] = ()
    pre_discounts: Sequence[Decimal] = ()
    payments: Sequence[PaymentInput] = ()
    keys: tuple[tuple[str, str], ...] = ()
    coupons: Sequence[str] = ()
    drops_blocking: bool = False
    needs_all_coupons: bool = True
    referring_card: str | None = None
    recommends: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """The card that a checkout names, or nobody's. `uses_parent_balances`: value moves on the root card."""

    card_number: str | None = None
    child_number: str | None = None
    uses_parent_balances: bool = False
    claim: PinClaim = NO_PIN


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedOut:
    """Figures at the currency's decimals (more only if the till sent more); balances None unless asked for. `issued`:
    codes of coupons that were given, None for setups; `blocking` were dropped, `unused` no rule used."""

    card_number: str | None
    child_number: str | None
    total: Decimal
    discount: Decimal
    mutations: list[MutationSeen] = field(default_factory=list)
    balances: list[BalanceSeen] | None = None
    messages: tuple[str, ...] = ()
    issued: tuple[str, ...] | None = ()
    blocking: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    recommended: tuple[Recommended, ...] | None = None
