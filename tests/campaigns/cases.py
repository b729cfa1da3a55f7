"""Short names for campaigns and calls, for tables of examples."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from apps.campaigns.core import results as r
from apps.campaigns.core.compile import Compiled, compile_campaigns
from apps.campaigns.core.conditions import Condition, Items
from apps.campaigns.core.definitions import Campaign, Published, Rule
from apps.campaigns.core.evaluate import evaluate
from apps.campaigns.core.facts import BalanceFact, Basket, Card, Facts, Line, Place
from apps.campaigns.core.kinds import Trigger, Verdict
from apps.campaigns.core.outcome import Discounted, Issued, Outcome, Taken

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
"""A Friday; 10:30 in New York."""
TODAY = date(2026, 11, 20)
D = Decimal
HATS = Items(categories=("hats",))

_numbers = count(1)


def uuid() -> UUID:
    """A new one."""
    return UUID(int=next(_numbers))


def new(kind: type, **fields: Any) -> Any:
    """A condition, a result or a budget with a UUID of its own."""
    return kind(uuid=uuid(), **fields)


def line(sku: str, quantity: Any, price: Any, *categories: str, tags: tuple[str, ...] = ()) -> Line:
    """A line of a basket."""
    return Line(sku=sku, quantity=D(quantity), unit_price=D(price), categories=categories, tags=tags)


def basket(*lines: Line, total: Any = None, **more: Any) -> Basket:
    """A basket; its total is that of its lines unless said otherwise."""
    amount = sum((each.quantity * each.unit_price for each in lines), D(0)) if total is None else D(total)
    return Basket(**{"total": amount, "seen": amount, "lines": lines} | more)


def card(**more: Any) -> Card:
    """A card with 0 points and no dollars."""
    balances = {"Points": BalanceFact(scale=0), "Currency:USD": BalanceFact(scale=2)}
    return Card(**{"number": "1", "program": "loyalty", "card_set": "web", "balances": balances} | more)


def has(**amounts: Any) -> Card:
    """A card with so many `points`, `usd` and `cashback`."""
    kinds = {"points": ("Points", 0), "usd": ("Currency:USD", 2), "cashback": ("Custom:cashback", 2)}
    return card(
        balances={
            key: BalanceFact(scale=scale, free=D(amounts.get(name, 0)), in_all=D(amounts.get(name, 0)))
            for name, (key, scale) in kinds.items()
        }
    )


def call(bought: Basket | None = None, **more: Any) -> Facts:
    """A checkout at noon of a card, unless said otherwise; `card=None` for none."""
    given = {
        "request": UUID(int=7),
        "trigger": Trigger.CHECKOUT,
        "now": NOW,
        "today": TODAY,
        "brand": "Acme",
        "zone": "America/New_York",
        "currency": "USD",
        "currency_scale": 2,
        "place": Place(zone="America/New_York", location="main", groups=("east", "all")),
        "card": card(),
        "basket": bought,
    }
    return Facts(**given | more)


def rule(*results: r.AnyResult, when: tuple[Condition, ...] = (), **more: Any) -> Rule:
    """A rule with these results, if the conditions of `when` are met."""
    return Rule(uuid=uuid(), results=results, conditions=when, **more)


def published(*rules: Rule, **more: Any) -> Published:
    """A campaign with these rules."""
    definition = Campaign(**{"name": "Spring", "rules": rules} | more)
    return Published(campaign_uuid=uuid(), revision_uuid=uuid(), definition=definition)


def compiled(*rules: Rule, **more: Any) -> Compiled:
    """One campaign with these rules, ready for calls."""
    return compile_campaigns([published(*rules, **more)])


def run(facts: Facts, *rules: Rule, **more: Any) -> Outcome:
    """What one campaign with these rules does."""
    return evaluate(compiled(*rules, **more), facts)


def percent(value: Any, of: r.TargetKind = r.TargetKind.TOTAL, items: Items = r.ALL_ITEMS, **more: Any) -> r.Discount:
    """So many percent off."""
    return r.Discount(uuid=uuid(), take=r.DiscountKind.PERCENT, value=D(value), of=of, items=items, **more)


def off(
    value: Any,
    of: r.TargetKind = r.TargetKind.TOTAL,
    items: Items = r.ALL_ITEMS,
    take: r.DiscountKind = r.DiscountKind.AMOUNT,
    **more: Any,
) -> r.Discount:
    """An amount off."""
    return r.Discount(uuid=uuid(), take=take, value=D(value), of=of, items=items, **more)


def points(amount: Any = 1, **more: Any) -> r.IssueBalance:
    """So many points, or an amount of another kind."""
    size = amount if isinstance(amount, r.Amount) else r.Fixed(amount=D(amount))
    return r.IssueBalance(**{"uuid": uuid(), "value_type": "Points", "amount": size} | more)


def discounts(outcome: Outcome) -> list[tuple[str | None, str, str | None, str | None]]:
    """SKU, amount, units and unit discount of the discounts of items; the total's have no SKU."""
    return [
        (each.sku, str(each.amount), each.units and str(each.units), each.unit_discount and str(each.unit_discount))
        for each in outcome.effects
        if isinstance(each, Discounted)
    ]


def moved(outcome: Outcome) -> list[tuple[str, str]]:
    """Value types and amounts that were issued, or with a minus taken."""
    return [
        (each.value_type, str(each.amount) if isinstance(each, Issued) else f"-{each.amount}")
        for each in outcome.effects
        if isinstance(each, Issued | Taken)
    ]


def verdicts(outcome: Outcome) -> list[Verdict]:
    """What became of the rules."""
    return [each.verdict for each in outcome.verdicts]
