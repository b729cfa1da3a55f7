"""Which facts rules ask for, so that nothing else is read. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from apps.campaigns.core import conditions as c
from apps.campaigns.core import results as r
from apps.campaigns.core.conditions import Happening, Items
from apps.campaigns.core.definitions import Campaign, Measure, Per, Rule, Throttle
from apps.campaigns.core.kinds import EVER, Channel, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What to read for the rules of one trigger. A call without rules (`any_rules`) needs nothing at all.

    balances        value types that rules look at or change
    customer        fields of the primary customer, as `Card.customer` names them
    fields          the brand's own demographic fields
    segments        segments whose membership counts
    opted_in        third parties and lists
    spent, visits   windows
    last_visit      when the holder came last
    events          windows by category of event
    throttles       throttles per card by rule; `first_days` says how far back to read
    budgets         budgets of the campaigns
    counts_discounts   some rule discounts, and a budget of its campaign counts that: in the brand's currency
    brand_throttles throttles for the whole brand by rule
    coupon_sets, coupon_tags   which of the card's own coupons `use_coupon` may use
    categories, tags   categories (and those above) and tags of the basket's products
    sets_fields     some rule changes one of `fields`
    texts           some template is rendered within the call: it may name anything of the customer
    """

    any_rules: bool = False
    balances: frozenset[str] = frozenset()
    customer: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    opted_in: frozenset[str] = frozenset()
    spent: frozenset[Window] = frozenset()
    visits: frozenset[Window] = frozenset()
    last_visit: bool = False
    events: Mapping[str, frozenset[Window]] = field(default_factory=dict)
    throttles: Mapping[UUID, tuple[Throttle, ...]] = field(default_factory=dict)
    budgets: frozenset[UUID] = frozenset()
    counts_discounts: bool = False
    brand_throttles: Mapping[UUID, Throttle] = field(default_factory=dict)
    coupon_sets: frozenset[str] = frozenset()
    coupon_tags: frozenset[str] = frozenset()
    categories: bool = False
    tags: bool = False
    texts: bool = False
    sets_fields: bool = False

    def first_days(self, today: date) -> dict[UUID, date | None]:
        """By throttled rule the earliest day whose firings count; None: all of them."""
        return {rule: _earliest(throttles, today) for rule, throttles in self.throttles.items()}


NOTHING = Needs()


def needs_of(rules: Iterable[tuple[Campaign, Rule]]) -> Needs:
    """What these rules need, each given with its campaign."""
    found = _Found()
    for campaign, rule in rules:
        for condition in (*campaign.conditions, *rule.conditions):
            found.look_at(condition)
        for result in rule.results:
            found.carry_out(result)
        found.limits(campaign, rule)
    return found.needs()


def leaves(conditions: Iterable[c.Condition]) -> Iterator[c.Condition]:
    """All conditions, those in groups instead of the groups."""
    for condition in conditions:
        if isinstance(condition, c.Every | c.AnyOf):
            yield from leaves(condition.conditions)
        else:
            yield condition


def _earliest(throttles: Iterable[Throttle], today: date) -> date | None:
    days = [throttle.window.first_day(today) for throttle in throttles]
    return None if None in days else min(day for day in days if day is not None)


class _Found:
    """What was found so far: sets by the name of the need."""

    def __init__(self) -> None:
        self.any_rules = self.last_visit = self.categories = self.tags = self.texts = self.sets_fields = False
        self.counts_discounts = False
        self.sets: dict[str, set[Any]] = {}
        self.events: dict[str, set[Window]] = {}
        self.throttles: dict[UUID, tuple[Throttle, ...]] = {}
        self.brand_throttles: dict[UUID, Throttle] = {}

    def needs(self) -> Needs:
        return Needs(
            any_rules=self.any_rules,
            last_visit=self.last_visit,
            categories=self.categories,
            tags=self.tags,
            texts=self.texts,
            sets_fields=self.sets_fields,
            counts_discounts=self.counts_discounts,
            events={category: frozenset(windows) for category, windows in self.events.items()},
            throttles=self.throttles,
            brand_throttles=self.brand_throttles,
            **{name: frozenset(values) for name, values in self.sets.items()},
        )

    def add(self, name: str, *values: Any) -> None:
        self.sets.setdefault(name, set()).update(values)

    def items(self, items: Items | None) -> None:
        self.categories |= bool(items and items.categories)
        self.tags |= bool(items and items.tags)

    def limits(self, campaign: Campaign, rule: Rule) -> None:
        self.any_rules = True
        self.add("budgets", *(budget.uuid for budget in campaign.budgets))
        if any(budget.measure is Measure.DISCOUNT for budget in campaign.budgets):
            self.counts_discounts |= any(isinstance(result, r.Discount) for result in rule.results)
        per_card = tuple(throttle for throttle in rule.throttles if throttle.per is Per.CARD)
        if per_card:
            self.throttles[rule.uuid] = per_card
        for throttle in rule.throttles:
            if throttle.per is Per.BRAND:
                self.brand_throttles[rule.uuid] = throttle

    def look_at(self, condition: c.Condition) -> None:
        for leaf in leaves((condition,)):
            match leaf:
                case c.BasketHas() | c.ExtremeItem():
                    self.items(leaf.items)
                case c.OccasionToday(occasion=occasion):
                    if occasion.what in (Happening.BIRTHDAY, Happening.BIRTHDAY_MONTH):
                        self.add("customer", "birthday")
                case c.NthCheckout():
                    self.add("spent", EVER)
                case c.Balance():
                    self.add("balances", leaf.value_type)
                case c.InSegment():
                    self.add("segments", *leaf.segments)
                case c.Spent():
                    self.add("spent", leaf.window)
                case c.Visited():
                    self.add("visits", leaf.window)
                case c.LastVisit():
                    self.last_visit = True
                case c.CustomerField():
                    self.add("customer", leaf.field)
                case c.GenderIs():
                    self.add("customer", "gender")
                case c.BrandField():
                    self.add("fields", leaf.field)
                case c.EventCount():
                    self.events.setdefault(leaf.category, set()).add(leaf.window)
                case c.OptedIn():
                    self.add("opted_in", leaf.by)

    def carry_out(self, result: r.AnyResult) -> None:
        match result:
            case r.IssueBalance():
                self.add("balances", result.value_type)
                if isinstance(result.amount, r.PerUnit | r.PerItem):
                    self.items(result.amount.items)
            case r.RedeemBalance():
                self.add("balances", result.value_type)
            case r.Convert():
                self.add("balances", result.take, result.give)
            case r.Discount():
                self.items(result.items)
            case r.Notify():
                self.texts |= result.channel is Channel.DIRECT
            case r.LogEvent():
                self.texts |= "{{" in result.payload
            case r.SetField():
                self.texts |= "{{" in result.value
                self.add("fields", result.field)
                self.sets_fields = True
            case r.UseCoupon():
                self.add("coupon_sets", *result.sets)
                self.add("coupon_tags", *result.tags)
