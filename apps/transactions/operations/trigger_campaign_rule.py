"""triggerCampaignRule: run one rule of one campaign, once for each triggering."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from apps.campaigns.core.kinds import Trigger
from apps.campaigns.fragments import TRIGGERED, triggering
from apps.campaigns.queries.readings import triggered
from apps.cards.queries.locks import lock_families
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import InvalidInput
from apps.kernel.ids import parse_id
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.firing.about import About
from apps.transactions.firing.fire import fire
from apps.transactions.firing.stage import CardWanted, Stage, Tries, open_stage
from apps.transactions.firing.triggered import plan_of

_OF_TEXTS = UUID("0d6a4b1c-6f0e-4c38-9c1f-7a2f1f5f8f0b")
"""The namespace of triggerings whose id is no UUID."""


class NoSuchRule(InvalidInput):
    """No campaign in force has such a rule that runs by itself (9)."""

    message = "No published campaign has this rule with trigger single_rule."


@dataclass(frozen=True, slots=True)
class RuleWanted:
    """Which rule of which campaign, and the client's id of this triggering; as the client wrote them."""

    campaign: str
    rule: str
    triggering: str

    @property
    def triggering_id(self) -> UUID:
        """The same for the same text; a text that is no UUID gets one of its own."""
        return parse_id(self.triggering) or uuid5(_OF_TEXTS, self.triggering)


def trigger_campaign_rule(
    *,
    call: Call,
    configuration: Configuration,
    card_number: str,
    wanted: RuleWanted,
    child_number: str | None = None,
    record: Record[None] | None = None,
) -> None:
    """Run the rule for a card (or its child), unless its triggering was seen before in the brand, on whatever card:
    then nothing happens. Conditions and throttles hold as ever; also a triggering that they keep from firing is used
    up. Five statements.

    Unknown or inactive card: 2, 11; unknown child: 2; locked by a checkout: 14; no such rule in force: 9; a coupon
    that the rule uses is busy: 26.
    """
    rule, used, tries = parse_id(wanted.rule), wanted.triggering_id, Tries()

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[None]:
        stage = open_stage(
            cursor,
            call=call,
            configuration=configuration,
            about=About(triggers=(Trigger.SINGLE_RULE,), rule=rule),
            card=CardWanted(number=card_number, locked=locked, child_number=child_number),
            readings=[triggered(used)],
            locks_budgets=tries.begin(),
        )
        if stage.readings["triggered"]:
            return _nothing(stage)
        if not _is_in_force(stage, parse_id(wanted.campaign), rule):
            raise NoSuchRule
        kept = triggering(brand_id=call.brand_id, operation_id=call.id, uuid=used)
        return plan_of(fire(cursor, stage), None, fragments=[kept], contested=[TRIGGERED])

    change(call=call, lock=lock_families([card_number]), decide=decide, record=record)


def _is_in_force(stage: Stage, campaign: UUID | None, rule: UUID | None) -> bool:
    candidates = stage.loaded.compiled.rules.get(Trigger.SINGLE_RULE, ())
    return any((each.cause.campaign, each.cause.rule) == (campaign, rule) for each in candidates)


def _nothing(stage: Stage) -> Plan[None]:
    """The call succeeds, and does nothing but settle what is due."""
    scene = stage.scene
    assert scene is not None, "a rule is triggered for a card"
    return Plan(
        answer=None,
        call_type=CallType.CAMPAIGN,
        occurred_at=scene.book.at,
        fragments=scene.posting(),
        family_id=scene.family_id,
        child_id=scene.child_id,
    )
