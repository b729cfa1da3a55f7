"""What each condition of a rule wanted and what it saw. Pure."""

from apps.campaigns.core.compile import Candidate
from apps.campaigns.core.conditions import AnyOf, Condition, Every, snake
from apps.campaigns.core.facts import Facts
from apps.campaigns.core.meeting import is_met
from apps.campaigns.core.outcome import ConditionSeen
from apps.campaigns.core.scene import Scene
from apps.campaigns.core.wording import seen, wanted
from apps.campaigns.core.world import World


def conditions_seen(candidate: Candidate, facts: Facts, world: World) -> tuple[ConditionSeen, ...]:
    """All conditions of the campaign, then of the rule, as they stand in this world."""
    scene = Scene(facts, world, candidate.own_view)
    return tuple(_look(each, scene, of_campaign=True) for each in candidate.campaign.conditions) + tuple(
        _look(each, scene, of_campaign=False) for each in candidate.rule.conditions
    )


def _look(condition: Condition, scene: Scene, *, of_campaign: bool) -> ConditionSeen:
    parts: tuple[ConditionSeen, ...] = ()
    if isinstance(condition, Every | AnyOf):
        parts = tuple(_look(part, scene, of_campaign=of_campaign) for part in condition.conditions)
    return ConditionSeen(
        uuid=condition.uuid,
        kind=snake(type(condition).__name__),
        name=condition.name,
        passed=is_met(condition, scene),
        negated=condition.negated,
        wanted=wanted(condition, scene),
        seen=seen(condition, scene),
        of_campaign=of_campaign,
        parts=parts,
    )
