"""What is kept of an evaluation beside the call, so that anyone can see later why rules did or did not fire."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from apps.campaigns.core.facts import Facts
from apps.campaigns.core.kinds import Verdict
from apps.campaigns.core.outcome import Outcome, RuleVerdict, Skipped
from apps.requestlog.core.plan import Explanation
from apps.transactions.firing.stage import Stage


class Verdicts(msgspec.Struct, frozen=True, omit_defaults=True):
    """The revisions that were in force, in their order; what became of their rules; results that found nothing to give
    when they were carried out.

    Rules that were looked at, but whose conditions were not met, are left out: of many rules that is what becomes of
    most, and a row stays small whatever their number.
    """

    revisions: tuple[UUID, ...]
    verdicts: tuple[RuleVerdict, ...]
    skipped: tuple[Skipped, ...] = ()


def explanation(
    stage: Stage, facts: Sequence[Facts], outcome: Outcome, skipped: Sequence[Skipped] = ()
) -> Explanation | None:
    """The snapshots, one for each trigger (JSON, a list of `Facts`), and the verdicts of all; None where there are no
    rules."""
    if not stage.needs.any_rules:
        return None
    revisions = tuple(each.revision_uuid for each in stage.loaded.campaigns)
    told = tuple(each for each in outcome.verdicts if each.verdict is not Verdict.CONDITIONS)
    verdicts = Verdicts(revisions, told, tuple(skipped))
    return Explanation(msgspec.json.encode(facts), msgspec.json.encode(verdicts))
