"""Why rules did or did not fire, arranged for reading: by campaign, with names in place of UUIDs. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.campaigns.core import conditions as c
from apps.campaigns.core.definitions import Budget, Campaign, Measure, Per, Published, Rule, Throttle
from apps.campaigns.core.facts import Facts
from apps.campaigns.core.kinds import Verdict
from apps.campaigns.core.limits import tightest
from apps.campaigns.core.outcome import Cause, ConditionSeen, Outcome, RuleVerdict, Skipped
from apps.campaigns.core.results import AnyResult, SetField
from apps.campaigns.core.texts import in_window, measured, plain
from apps.campaigns.core.wording_of_effects import did, money
from apps.campaigns.core.wording_of_results import does

Evaluated = tuple[Facts, Outcome]
"""A snapshot, and what came of it with explanations."""

_PERSONAL = c.CustomerField | c.BrandField | c.GenderIs | c.OptedIn | c.MessageSays | c.CustomKey
_BIRTHDAYS = (c.Happening.BIRTHDAY, c.Happening.BIRTHDAY_MONTH)


@dataclass(frozen=True, slots=True)
class ConditionDrawn:
    """One condition. `is_personal`: what it saw tells something about a person."""

    title: str
    passed: bool
    wanted: str
    seen: str
    is_personal: bool
    of_campaign: bool
    parts: tuple["ConditionDrawn", ...]


@dataclass(frozen=True, slots=True)
class SkippedDrawn:
    """A result that was not carried out. `is_personal`: its reason may quote a customer's field."""

    result: str
    reason: str
    is_personal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDrawn:
    """What became of a rule. `headline` says it in a sentence; `limits` are its throttles and its campaign's budgets as
    they stood before the call; `done` what it did."""

    uuid: UUID
    name: str
    fired: bool
    headline: str
    conditions: tuple[ConditionDrawn, ...]
    limits: tuple[str, ...]
    done: tuple[str, ...]
    skipped: tuple[SkippedDrawn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignDrawn:
    """A campaign whose rules were looked at. `done`: what its own conditions took, once for all of its rules."""

    uuid: UUID
    name: str
    revision: UUID
    number: int | None
    rules: tuple[RuleDrawn, ...]
    done: tuple[str, ...]

    @property
    def fired(self) -> int:
        """How many of the rules fired."""
        return sum(rule.fired for rule in self.rules)


def draw(
    campaigns: Sequence[Published],
    evaluated: Sequence[Evaluated],
    *,
    skipped: Iterable[Skipped] = (),
    numbers: Mapping[UUID, int] | None = None,
) -> tuple[CampaignDrawn, ...]:
    """All rules that were looked at, in their order. `skipped`: results that found nothing to give when they were
    carried out; `numbers` of revisions by UUID."""
    drawing = _Drawing(campaigns, evaluated, {each.result: each.reason for each in skipped})
    found = ((each, drawing.rules(each)) for each in campaigns)
    return tuple(
        CampaignDrawn(
            uuid=each.campaign_uuid,
            name=each.definition.name,
            revision=each.revision_uuid,
            number=(numbers or {}).get(each.revision_uuid),
            rules=rules,
            done=drawing.done_by_conditions(each.campaign_uuid),
        )
        for each, rules in found
        if rules
    )


def rule_names(campaigns: Iterable[Published]) -> dict[UUID, str]:
    """What people call each rule; those without a name by their place."""
    return {
        rule.uuid: rule.name or f"Rule {place}"
        for each in campaigns
        for place, rule in enumerate(each.definition.rules, start=1)
    }


def is_personal(condition: c.Condition) -> bool:
    """Whether what the condition sees tells something about a person."""
    if isinstance(condition, c.OccasionToday):
        return condition.occasion.what in _BIRTHDAYS
    return isinstance(condition, _PERSONAL)


def shows_personal(campaigns: Iterable[CampaignDrawn]) -> bool:
    """Whether some condition saw, or some reason quotes, what tells something about a person."""
    rules = [rule for campaign in campaigns for rule in campaign.rules]
    return any(_sees_personal(rule.conditions) or any(each.is_personal for each in rule.skipped) for rule in rules)


def _sees_personal(conditions: Iterable[ConditionDrawn]) -> bool:
    return any((each.is_personal and each.seen) or _sees_personal(each.parts) for each in conditions)


class _Drawing:
    def __init__(
        self, campaigns: Sequence[Published], evaluated: Sequence[Evaluated], late: Mapping[UUID, str]
    ) -> None:
        self.evaluated = evaluated
        self.late = late
        self.names = rule_names(campaigns)
        self.verdicts = {each.rule: (facts, each) for facts, outcome in evaluated for each in outcome.verdicts}
        self.personal = {
            each.uuid for published in campaigns for each in _conditions(published.definition) if is_personal(each)
        }

    def rules(self, published: Published) -> tuple[RuleDrawn, ...]:
        """The rules of a campaign that were looked at."""
        campaign = published.definition
        return tuple(self._rule(campaign, rule) for rule in campaign.rules if rule.uuid in self.verdicts)

    def done_by_conditions(self, campaign: UUID) -> tuple[str, ...]:
        """What a campaign's own conditions took or used."""
        return tuple(self._done(lambda cause: cause.rule is None and cause.campaign == campaign))

    def _rule(self, campaign: Campaign, rule: Rule) -> RuleDrawn:
        facts, verdict = self.verdicts[rule.uuid]
        results = {result.uuid: result for result in rule.results}
        fired = verdict.verdict is Verdict.FIRED
        late = [Skipped(uuid, self.late[uuid]) for uuid in results if fired and uuid in self.late]
        return RuleDrawn(
            uuid=rule.uuid,
            name=self.names[rule.uuid],
            fired=fired,
            headline=self._headline(verdict, facts),
            conditions=tuple(map(self._condition, verdict.conditions)),
            limits=tuple(_limits(campaign, rule, facts)),
            done=tuple(self._done(lambda cause: cause.rule == rule.uuid and not self._came_to_nothing(cause.result))),
            skipped=tuple(_skipped(each, results[each.result], facts) for each in (*verdict.skipped, *late)),
        )

    def _came_to_nothing(self, result: UUID | None) -> bool:
        return result in self.late

    def _done(self, is_by: Callable[[Cause], bool]) -> Iterator[str]:
        for facts, outcome in self.evaluated:
            yield from (did(effect, facts) for effect in outcome.effects if is_by(effect.cause))

    def _headline(self, verdict: RuleVerdict, facts: Facts) -> str:
        match verdict.verdict:
            case Verdict.FIRED:
                times = f"Fired {verdict.times} times" if verdict.times != 1 else "Fired"
                return f"{times}, {money(verdict.discount, facts)} off" if verdict.discount else times
            case Verdict.CONDITIONS:
                return _unmet(verdict.conditions)
            case Verdict.THROTTLED:
                return f"Throttled: {verdict.held_back_by}"
            case Verdict.OUT_OF_BUDGET:
                return f"Out of budget: {verdict.held_back_by}"
            case Verdict.LOST:
                return self._lost(verdict, facts)
            case Verdict.STOPPED:
                return f"Stopped by {self._named(verdict.stopped_by)}"

    def _lost(self, verdict: RuleVerdict, facts: Facts) -> str:
        if verdict.lost_by is None:
            return f"Lost to {self._named(verdict.lost_to)}, which had fired for their group"
        return f"Lost to {self._named(verdict.lost_to)} by {money(verdict.lost_by, facts)} of discount"

    def _named(self, rule: UUID | None) -> str:
        return f"“{self.names[rule]}”" if rule in self.names else "another rule"

    def _condition(self, seen: ConditionSeen) -> ConditionDrawn:
        kind = seen.kind.replace("_", " ").capitalize()
        return ConditionDrawn(
            title=f"{seen.name} ({kind.lower()})" if seen.name else kind,
            passed=seen.passed,
            wanted=seen.wanted,
            seen=seen.seen,
            is_personal=seen.uuid in self.personal,
            of_campaign=seen.of_campaign,
            parts=tuple(map(self._condition, seen.parts)),
        )


def _conditions(campaign: Campaign) -> Iterator[c.Condition]:
    yield from _leaves_and_groups(campaign.conditions)
    for rule in campaign.rules:
        yield from _leaves_and_groups(rule.conditions)


def _leaves_and_groups(conditions: Iterable[c.Condition]) -> Iterator[c.Condition]:
    for each in conditions:
        yield each
        if isinstance(each, c.Every | c.AnyOf):
            yield from _leaves_and_groups(each.conditions)


def _unmet(conditions: Sequence[ConditionSeen]) -> str:
    unmet = sum(not each.passed for each in conditions)
    if len(conditions) == 1:
        return "Its condition was not met"
    return f"{unmet} of {len(conditions)} conditions {'was' if unmet == 1 else 'were'} not met"


def _limits(campaign: Campaign, rule: Rule, facts: Facts) -> Iterator[str]:
    yield from (_throttle(each, rule, facts) for each in rule.throttles)
    yield from (_budget(each, facts) for each in campaign.budgets)


def _throttle(throttle: Throttle, rule: Rule, facts: Facts) -> str:
    who = "per card" if throttle.per is Per.CARD else "for all cards together"
    most = f"Fires at most {throttle.times} time{'s' if throttle.times != 1 else ''} {who} {in_window(throttle.window)}"
    if facts.card is None:
        return f"{most}; the call has no card"
    left, _ = tightest([throttle], rule.uuid, facts)
    return f"{most}; {throttle.times - left} before this call"


def _budget(budget: Budget, facts: Facts) -> str:
    known = facts.budgets.get(budget.uuid)
    used = Decimal(0) if known is None else budget.cap - known.left
    said = f"Budget of {plain(budget.cap)} {measured(budget, facts)}; {plain(used)} before this call"
    into = facts.budget_currency
    if budget.measure is not Measure.DISCOUNT or into is None or into.rate is None:
        return said
    return f"{said}; 1 {facts.currency} counts as {plain(into.rate)} {into.code}"


def _skipped(skipped: Skipped, result: AnyResult, facts: Facts) -> SkippedDrawn:
    said = result.name or does(result, currency=facts.currency)
    return SkippedDrawn(said, skipped.reason, isinstance(result, SetField))
