"""One firing of a rule while it is carried out. Pure."""

from dataclasses import dataclass, field
from decimal import Decimal

from apps.campaigns.core.compile import Candidate
from apps.campaigns.core.facts import Facts
from apps.campaigns.core.kinds import Trigger
from apps.campaigns.core.outcome import AnyEffect, Cause, Discounted, Skipped
from apps.campaigns.core.results import AnyResult
from apps.campaigns.core.scene import Scene
from apps.campaigns.core.world import World
from apps.kernel.amounts import ZERO


@dataclass(slots=True)
class Act:
    """A rule fires `times` times at once; `effects` grow, the world of `scene` changes with them."""

    candidate: Candidate
    scene: Scene
    times: int
    effects: list[AnyEffect] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    discount: Decimal = ZERO

    @property
    def facts(self) -> Facts:
        """The call."""
        return self.scene.facts

    @property
    def world(self) -> World:
        """What is left after the effects so far."""
        return self.scene.world

    @property
    def in_checkout(self) -> bool:
        """Whether the call is a checkout."""
        return self.facts.trigger is Trigger.CHECKOUT

    def cause(self, result: AnyResult) -> Cause:
        """The result as the cause of an effect."""
        rule = self.candidate.cause
        return Cause(
            campaign=rule.campaign, revision=rule.revision, rule=rule.rule, result=result.uuid, name=result.name
        )

    def skip(self, result: AnyResult, reason: str) -> None:
        """A result is not carried out."""
        self.skipped.append(Skipped(result.uuid, reason))

    def discounted(self, result: AnyResult, effects: list[Discounted]) -> None:
        """A result took something off; lines are up to date already, the total is not."""
        amount = sum((effect.amount for effect in effects), ZERO)
        self.effects += effects
        self.discount += amount
        self.world.discounted(amount, self.scene.own_view)
        self.world.gave(result.uuid, amount)
