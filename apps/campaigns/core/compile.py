"""Published campaigns, prepared once for all calls. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from apps.campaigns.core.claims import can_claim
from apps.campaigns.core.conditions import Condition
from apps.campaigns.core.definitions import Campaign, Per, Published, Rule
from apps.campaigns.core.kinds import Trigger, Verdict
from apps.campaigns.core.needs import NOTHING, Needs, needs_of
from apps.campaigns.core.outcome import Cause, RuleVerdict


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A rule that may fire. `own_view`: its campaign, if that sees the original total. `may_claim`: some condition may
    take a threshold, use a coupon or repeat. `conditions` are those of the campaign, then its own; `not_met` is what
    becomes of it where one is not met."""

    published: Published
    rule: Rule
    conditions: tuple[Condition, ...]
    may_claim: bool
    own_view: UUID | None
    counted_per_brand: bool
    cause: Cause
    not_met: RuleVerdict

    @property
    def campaign(self) -> Campaign:
        """What the campaign says."""
        return self.published.definition


@dataclass(frozen=True, slots=True)
class Compiled:
    """Active rules by trigger, in the order in which they run, and what each trigger needs to know."""

    rules: Mapping[Trigger, tuple[Candidate, ...]]
    _needs: dict[tuple[Trigger, ...], Needs] = field(default_factory=dict)

    def needs(self, *triggers: Trigger) -> Needs:
        """Which facts the rules of a call's triggers ask for; worked out once."""
        found = self._needs.get(triggers)
        if found is None:
            candidates = [each for trigger in triggers for each in self.rules.get(trigger, ())]
            needs = needs_of((each.campaign, each.rule) for each in candidates) if candidates else NOTHING
            found = self._needs[triggers] = needs
        return found

    def candidates(self, trigger: Trigger, rule: UUID | None) -> tuple[Candidate, ...]:
        """The rules that a call looks at: all of its trigger, or the one that a `single_rule` call names."""
        found = self.rules.get(trigger, ())
        return tuple(each for each in found if each.rule.uuid == rule) if trigger is Trigger.SINGLE_RULE else found


def compile_campaigns(campaigns: Sequence[Published]) -> Compiled:
    """Prepare published campaigns, which are sorted by priority and age."""
    rules: dict[Trigger, list[Candidate]] = {}
    for candidate in _candidates(campaigns):
        rules.setdefault(candidate.rule.trigger, []).append(candidate)
    return Compiled({trigger: tuple(candidates) for trigger, candidates in rules.items()})


def _candidates(campaigns: Sequence[Published]) -> Iterator[Candidate]:
    for published in campaigns:
        for rule in published.definition.rules:
            if rule.is_active:
                yield _candidate(published, rule)


def _candidate(published: Published, rule: Rule) -> Candidate:
    campaign = published.definition
    conditions = (*campaign.conditions, *rule.conditions)
    return Candidate(
        published=published,
        rule=rule,
        conditions=conditions,
        may_claim=can_claim(conditions),
        own_view=published.campaign_uuid if campaign.sees_original_total else None,
        counted_per_brand=any(throttle.per is Per.BRAND for throttle in rule.throttles),
        cause=Cause(campaign=published.campaign_uuid, revision=published.revision_uuid, rule=rule.uuid),
        not_met=RuleVerdict(campaign=published.campaign_uuid, rule=rule.uuid, verdict=Verdict.CONDITIONS),
    )
