"""What a simulation is asked, and what it answers."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.campaigns.core.definitions import Published
from apps.campaigns.core.facts import Facts
from apps.campaigns.core.kinds import Trigger
from apps.campaigns.core.outcome import Outcome, Skipped
from apps.kernel.errors import Refusal
from apps.transactions.answers import MutationSeen
from apps.transactions.checkouts.basket import Basket, Shopper
from apps.transactions.firing.about import About

NOBODY = Shopper()
EMPTY = Basket()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One call that might be made: what it is `about` (one trigger), whose card, and (for a checkout or a return) the
    basket, whose SKUs and custom keys then count. `revision`: one that takes the place of its campaign's published one,
    whatever its state."""

    about: About
    shopper: Shopper = NOBODY
    basket: Basket = EMPTY
    revision: UUID | None = None

    @property
    def trigger(self) -> Trigger:
        """The trigger whose rules run."""
        (trigger,) = self.about.triggers
        return trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`direct` messages of the answer; results that nothing would come of; free `balances` afterwards, as texts by
    value type."""

    direct: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    balances: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What the call would come to. `outcome` has explanations; `campaigns` are those that it was evaluated by.

    `total`, and `spend` after all discounts, are None but for checkouts. `refusal`: what the campaigns would make the
    call fail with (13, 52); then nothing of the rest would happen.
    """

    campaigns: tuple[Published, ...]
    facts: Facts
    outcome: Outcome
    said: Said
    mutations: list[MutationSeen]
    total: Decimal | None = None
    spend: Decimal | None = None
    blocking: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    refusal: Refusal | None = None
