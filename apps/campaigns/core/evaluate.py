"""What campaigns do on one call. Pure: the same campaigns and facts give the same outcome for ever.

Rules run in the order of their campaigns, then their own. A rule sees the world as the rules before it left it. An
exclusive group that picks by discount is decided, and its winner fires, where its first rule stands; one that picks the
first rule, when that fires. A rule that stops others stops all that were not decided before it.
"""

from collections.abc import Sequence
from decimal import localcontext
from typing import Any
from uuid import UUID

from apps.campaigns.core.act import Act
from apps.campaigns.core.compile import Candidate, Compiled
from apps.campaigns.core.definitions import Group, Picks
from apps.campaigns.core.explain import conditions_seen
from apps.campaigns.core.facts import Facts
from apps.campaigns.core.firing import attempt
from apps.campaigns.core.kinds import Verdict
from apps.campaigns.core.limits import spendings
from apps.campaigns.core.outcome import AnyEffect, ConditionSeen, Firing, Outcome, RuleVerdict
from apps.campaigns.core.world import World
from apps.kernel.amounts import ZERO

PRECISION = 60
"""Digits: a quantity times a price times a percentage is exact."""


def evaluate(compiled: Compiled, facts: Facts, *, explain: bool = False) -> Outcome:
    """Run the rules of the call's trigger.

    `explain` fills the verdicts with all conditions of all rules, also of those that were not looked at, as they stood
    where the rule would have run; nothing else of the outcome depends on it.
    """
    candidates = compiled.candidates(facts.trigger, facts.rule)
    if not candidates:
        return Outcome()
    with localcontext(prec=PRECISION):
        evaluation = _Evaluation(candidates, facts, explain)
        for candidate in candidates:
            evaluation.look_at(candidate)
        return evaluation.outcome()


class _Evaluation:
    """An evaluation under way. `verdicts` are those of rules that are decided, `winners` rules by their group, `seen`
    explanations by rule."""

    def __init__(self, candidates: Sequence[Candidate], facts: Facts, explain: bool) -> None:
        self.candidates = candidates
        self.facts = facts
        self.explain = explain
        self.world = World(facts)
        self.effects: list[AnyEffect] = []
        self.verdicts: dict[Candidate, RuleVerdict] = {}
        self.seen: dict[Candidate, tuple[ConditionSeen, ...]] = {}
        self.winners: dict[str, UUID] = {}
        self.stopped_by: UUID | None = None

    def look_at(self, candidate: Candidate) -> None:
        """Decide about a rule, if it is not decided yet."""
        rule = candidate.rule
        if candidate in self.verdicts:
            return
        if rule.group is None or self.stopped_by is not None:
            self._run(candidate)
        elif rule.group.name in self.winners:
            self._look(candidate)
            self._decide(candidate, Verdict.LOST, lost_to=self.winners[rule.group.name])
        elif self._picks(rule.group) is Picks.FIRST:
            self._run(candidate)
        else:
            self._compare(rule.group)

    def outcome(self) -> Outcome:
        """All that was decided."""
        verdicts = tuple(self.verdicts[candidate] for candidate in self.candidates)
        return Outcome(
            effects=tuple(self.effects),
            discount=sum((verdict.discount for verdict in verdicts), ZERO),
            firings=tuple(Firing(each.rule, each.times) for each in verdicts if each.verdict is Verdict.FIRED),
            spendings=spendings(self.world),
            verdicts=verdicts,
            over_limit=self.world.over_limit,
        )

    def _run(self, candidate: Candidate) -> None:
        act = self._try(candidate)
        if act is not None:
            self._fire(act)

    def _compare(self, group: Group) -> None:
        """Try all rules of a group that picks by discount in the present world, and fire the winner."""
        rivals = [each for each in self.candidates if each.rule.group and each.rule.group.name == group.name]
        acts = [act for act in map(self._try, rivals) if act is not None]
        if not acts:
            return
        choose = min if self._picks(group) is Picks.LOWEST else max
        winner = choose(acts, key=lambda act: act.discount)
        for act in acts:
            if act is not winner:
                by = abs(winner.discount - act.discount)
                self._decide(act.candidate, Verdict.LOST, lost_to=winner.candidate.rule.uuid, lost_by=by)
        self._fire(winner)

    def _try(self, candidate: Candidate) -> Act | None:
        """What the rule does in the present world; None, and decided, if something holds it back."""
        self._look(candidate)
        if self.stopped_by is not None:
            self._decide(candidate, Verdict.STOPPED, stopped_by=self.stopped_by)
            return None
        tried = attempt(candidate, self.facts, self.world)
        if isinstance(tried, Act):
            return tried
        self._decide(candidate, tried.verdict, held_back_by=tried.by)
        return None

    def _fire(self, act: Act) -> None:
        rule = act.candidate.rule
        self.world = act.world
        self.effects += act.effects
        if rule.group is not None:
            self.winners[rule.group.name] = rule.uuid
        if rule.stops_others:
            self.stopped_by = rule.uuid
        self._decide(act.candidate, Verdict.FIRED, times=act.times, discount=act.discount, skipped=tuple(act.skipped))

    def _look(self, candidate: Candidate) -> None:
        if self.explain:
            self.seen[candidate] = conditions_seen(candidate, self.facts, self.world)

    def _decide(self, candidate: Candidate, verdict: Verdict, **more: Any) -> None:
        if verdict is Verdict.CONDITIONS and not self.explain:
            self.verdicts[candidate] = candidate.not_met
            return
        self.verdicts[candidate] = RuleVerdict(
            campaign=candidate.cause.campaign,
            rule=candidate.rule.uuid,
            verdict=verdict,
            conditions=self.seen.get(candidate, ()),
            **more,
        )

    def _picks(self, group: Group) -> Picks:
        """As the first rule of the group says."""
        groups = (each.rule.group for each in self.candidates)
        return next(each.picks for each in groups if each is not None and each.name == group.name)
