"""What is left after the effects so far. Each attempt to fire a rule changes a copy, which replaces the world when the
rule fires. Pure."""

from decimal import Decimal
from uuid import UUID

from apps.campaigns.core.facts import Facts
from apps.campaigns.core.shelf import Shelf
from apps.campaigns.core.units import Run
from apps.kernel.amounts import ZERO


class World:
    """The running state of an evaluation.

    total       what is left of the total that campaigns may discount
    own         what campaigns that see the original total have taken off it themselves
    lines       units of the lines that were discounted (the others stand in the shelf)
    free        balances that can be spent, by value type
    in_all      balances with what is held and not yet active
    used        codes of coupons that were used
    paid        campaign-wide conditions that have taken their threshold or their coupon
    given       what results have given, by their UUID
    spent       what this call has taken from budgets
    enrolled    the card is enrolled, before or by this call
    over_limit  the first value type that was pushed over its maximum
    """

    __slots__ = (
        "enrolled",
        "free",
        "given",
        "in_all",
        "lines",
        "over_limit",
        "own",
        "paid",
        "shelf",
        "spent",
        "total",
        "used",
    )

    def __init__(self, facts: Facts) -> None:
        balances = facts.card.balances if facts.card else {}
        self.shelf = Shelf(facts.basket)
        self.total = self.shelf.basket.seen
        self.own: dict[UUID, Decimal] = {}
        self.lines: dict[int, tuple[Run, ...]] = {}
        self.free = {key: balance.free for key, balance in balances.items()}
        self.in_all = {key: balance.in_all for key, balance in balances.items()}
        self.used: set[str] = set()
        self.paid: set[UUID] = set()
        self.given: dict[UUID, Decimal] = {}
        self.spent: dict[UUID, Decimal] = {}
        self.enrolled = facts.enrols or (facts.card is not None and facts.card.enrolled_on is not None)
        self.over_limit: str | None = None

    def copy(self) -> "World":
        """One that can be changed without changing this one."""
        twin = World.__new__(World)
        twin.shelf = self.shelf
        twin.total = self.total
        twin.own = self.own.copy()
        twin.lines = self.lines.copy()
        twin.free = self.free.copy()
        twin.in_all = self.in_all.copy()
        twin.used = self.used.copy()
        twin.paid = self.paid.copy()
        twin.given = self.given.copy()
        twin.spent = self.spent.copy()
        twin.enrolled = self.enrolled
        twin.over_limit = self.over_limit
        return twin

    def total_for(self, campaign: UUID | None) -> Decimal:
        """The total that a campaign sees; None: one that sees what earlier discounts left."""
        if campaign is None:
            return self.total
        return self.shelf.basket.seen - self.own.get(campaign, ZERO)

    def runs(self, number: int) -> tuple[Run, ...]:
        """The units of a line, with what they still cost."""
        return self.lines.get(number) or self.shelf.runs(number)

    def discounted(self, amount: Decimal, campaign: UUID | None) -> None:
        """Less is left of the total."""
        self.total -= amount
        if campaign is not None:
            self.own[campaign] = self.own.get(campaign, ZERO) + amount

    def give(self, value_type: str, amount: Decimal, *, at_once: bool = True) -> None:
        """A balance grows; what is active later is not free yet."""
        self.in_all[value_type] += amount
        if at_once:
            self.free[value_type] += amount

    def take(self, value_type: str, amount: Decimal) -> None:
        """A balance shrinks."""
        self.in_all[value_type] -= amount
        self.free[value_type] -= amount

    def gave(self, result: UUID, amount: Decimal) -> None:
        """A result has given so much more."""
        self.given[result] = self.given.get(result, ZERO) + amount

    def spend(self, budget: UUID, amount: Decimal) -> None:
        """So much more of a budget is used."""
        self.spent[budget] = self.spent.get(budget, ZERO) + amount
