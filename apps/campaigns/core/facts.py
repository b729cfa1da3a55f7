"""What the engine knows of one call. The snapshot is kept with the request, so that anyone can evaluate again.

Everything that an evaluation depends on stands here. Amounts are Decimal: of the basket in `currency`, of balances at
the value type's scale. Windows are named by `Window.key`.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from apps.campaigns.core.kinds import Trigger


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of the snapshot."""


class Place(Fact, frozen=True, kw_only=True):
    """Where the call comes from; `groups` are the location's group and all above it. `zone` is an IANA name."""

    zone: str
    location: str | None = None
    name: str = ""
    groups: tuple[str, ...] = ()
    terminal: str | None = None
    employee: str | None = None


class Line(Fact, frozen=True, kw_only=True):
    """One product as the till sent it; `categories` are the product's own and all above it."""

    sku: str
    quantity: Decimal
    unit_price: Decimal
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class Coupon(Fact, frozen=True, kw_only=True):
    """A coupon that the call sent and that could be used."""

    code: str
    coupon_set: str
    tags: tuple[str, ...] = ()


class Payment(Fact, frozen=True, kw_only=True):
    """A payment: what it pays of the total."""

    payment_type: str
    pays: Decimal


class Basket(Fact, frozen=True, kw_only=True):
    """What is bought (or, with trigger `return`, given back). `total` is before any discount; `seen` is what campaigns
    see: less pre-discounts and payments that count as discounts."""

    total: Decimal
    seen: Decimal
    lines: tuple[Line, ...] = ()
    payments: tuple[Payment, ...] = ()
    coupons: tuple[Coupon, ...] = ()
    referring_card: str | None = None


class BalanceFact(Fact, frozen=True, kw_only=True):
    """A value type of the card's program. `free` can be spent now; `held_in_all` is free, held and not yet active."""

    scale: int
    free: Decimal = Decimal(0)
    in_all: Decimal = Decimal(0)
    maximum: Decimal | None = None


class SpendFact(Fact, frozen=True, kw_only=True):
    """Completed checkouts of a window in the brand's currency: their total after discounts and returns. Of all times,
    `checkouts` in other currencies count too."""

    spend: Decimal = Decimal(0)
    checkouts: int = 0


class Fired(Fact, frozen=True, kw_only=True):
    """A rule fired on a day of the brand's zone."""

    on: date
    times: int


class Card(Fact, frozen=True, kw_only=True):
    """The card (or child card) of the call before it. What no rule asks for is not read, and is empty here."""

    number: str
    program: str
    card_set: str
    is_child: bool = False
    enrolled_on: date | None = None
    activated_on: date | None = None
    balances: dict[str, BalanceFact] = {}
    customer: dict[str, str] = {}
    """Fields that are known, by their names in `Demographics`; dates as yyyy-MM-dd."""
    fields: dict[str, tuple[str, ...]] = {}
    segments: tuple[str, ...] = ()
    opted_in: tuple[str, ...] = ()
    """Third parties and names of lists, confirmed where that is required."""
    spent: dict[str, SpendFact] = {}
    visits: dict[str, int] = {}
    last_visit: datetime | None = None
    events: dict[str, dict[str, int]] = {}
    """By category, then by window; those of the call itself included."""
    fired: dict[UUID, tuple[Fired, ...]] = {}
    """Firings of throttled rules by rule, as far back as their windows reach."""
    coupons: tuple[Coupon, ...] = ()
    """The card's own usable coupons, for `use_coupon`."""


class BudgetFact(Fact, frozen=True, kw_only=True):
    """What a budget (or a throttle for the whole brand) has left, as it was read."""

    left: Decimal


class BudgetCurrency(Fact, frozen=True, kw_only=True):
    """The currency in which budgets count discounts, with its decimals, where the call is in another one. One unit of
    the call's is worth `rate` of it; None: the brand has no such rate."""

    code: str
    scale: int
    rate: Decimal | None = None


class Facts(Fact, frozen=True, kw_only=True):
    """One call. `now` is its moment; `today` its day in the brand's zone; `budgets` by the UUID of the budget, or of
    the rule for a throttle per brand. `budget_currency` only where some budget counts what rules discount."""

    request: UUID
    trigger: Trigger
    now: datetime
    today: date
    brand: str
    zone: str
    currency: str
    currency_scale: int
    place: Place
    card: Card | None = None
    basket: Basket | None = None
    keys: tuple[tuple[str, str], ...] = ()
    logged: tuple[str, ...] = ()
    """Categories of events that this call logs."""
    message: str | None = None
    movement: str | None = None
    moved: str = ""
    moved_amount: Decimal = Decimal(0)
    enrols: bool = False
    """The call enrols the card."""
    referred_total: Decimal = Decimal(0)
    referred_count: int = 0
    rule: UUID | None = None
    """The only rule to look at: trigger `single_rule`."""
    budgets: dict[UUID, BudgetFact] = {}
    budget_currency: BudgetCurrency | None = None
