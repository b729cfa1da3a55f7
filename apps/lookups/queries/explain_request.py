"""Why the rules of campaigns did or did not fire on a request: worked out again from what it kept."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from apps.campaigns.core.compile import compile_campaigns
from apps.campaigns.core.definitions import Published
from apps.campaigns.core.evaluate import evaluate
from apps.campaigns.core.facts import Facts
from apps.campaigns.core.kinds import Verdict
from apps.campaigns.core.outcome import RuleVerdict
from apps.campaigns.models import Revision
from apps.campaigns.queries.published import revisions_by_uuid
from apps.kernel.typed import from_json
from apps.lookups.core.explanation import CampaignDrawn, draw, rule_names
from apps.transactions.firing.trace import Verdicts

Stored = bytes | memoryview
"""What the request log keeps."""

_read_facts, _read_verdicts = from_json(list[Facts]), from_json(Verdicts)


@dataclass(frozen=True, slots=True)
class Explained:
    """The rules of a request, each with its conditions. `differences`: where working it out again says something else
    than what was kept; that breaks a promise, and is nothing that a user could do anything about."""

    campaigns: tuple[CampaignDrawn, ...]
    differences: tuple[str, ...]


def explain_request(*, brand_id: int, facts: Stored | None, verdicts: Stored | None) -> Explained | None:
    """Evaluate the request's snapshots again, by the revisions that were in force then. None if it kept none: no rules
    had its trigger, or its person was erased. Two statements; one where the process remembers the revisions."""
    if facts is None or verdicts is None:
        return None
    snapshots = _read_facts(facts)
    kept = _read_verdicts(verdicts)
    found = revisions_by_uuid(brand_id, kept.revisions)
    campaigns = [found[uuid] for uuid in kept.revisions]
    compiled = compile_campaigns(campaigns)
    evaluated = [(each, evaluate(compiled, each, explain=True)) for each in snapshots]
    again = [verdict for _, outcome in evaluated for verdict in outcome.verdicts]
    return Explained(
        draw(
            campaigns,
            evaluated,
            skipped=kept.skipped,
            numbers=revision_numbers(brand_id=brand_id, uuids=kept.revisions),
        ),
        tuple(_differences(campaigns, kept.verdicts, again)),
    )


def revision_numbers(*, brand_id: int, uuids: Collection[UUID]) -> dict[UUID, int]:
    """The numbers of revisions, which people call them by."""
    return dict(Revision.objects.filter(brand_id=brand_id, uuid__in=list(uuids)).values_list("uuid", "number"))


def _differences(
    campaigns: Sequence[Published], kept: Iterable[RuleVerdict], again: Iterable[RuleVerdict]
) -> Iterator[str]:
    names = rule_names(campaigns)
    then = {each.rule: each for each in kept}
    now = {each.rule: msgspec.structs.replace(each, conditions=()) for each in again}
    for rule in then.keys() | now.keys():
        was, is_now = then.get(rule), now.get(rule)
        if was is None and is_now is not None and is_now.verdict is Verdict.CONDITIONS:
            continue  # what was not kept
        if was != is_now:
            words = (was.verdict if was else Verdict.CONDITIONS, is_now.verdict if is_now else "not looked at")
            yield f"“{names.get(rule, rule)}”: {words[0]} then, {words[1]} now."
