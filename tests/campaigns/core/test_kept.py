"""Outcomes for ever: what campaigns did on some calls when the engine was new. The file is only ever added to: a change
that breaks a line of it changes how past calls are explained."""

from pathlib import Path

import msgspec
import pytest

from apps.campaigns.core.compile import compile_campaigns
from apps.campaigns.core.definitions import Published
from apps.campaigns.core.evaluate import evaluate
from apps.campaigns.core.facts import Facts
from apps.campaigns.core.outcome import Outcome


class Kept(msgspec.Struct):
    campaigns: list[Published]
    facts: Facts
    outcome: Outcome


LINES = (Path(__file__).parent / "kept.jsonl").read_bytes().splitlines()


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_an_outcome_of_the_past_is_that_of_today(line) -> None:
    kept = msgspec.json.decode(line, type=Kept)
    outcome = evaluate(compile_campaigns(kept.campaigns), kept.facts)
    for name in ("effects", "discount", "firings", "spendings", "over_limit"):
        assert getattr(outcome, name) == getattr(kept.outcome, name)
    assert [(each.rule, each.verdict) for each in outcome.verdicts] == [
        (each.rule, each.verdict) for each in kept.outcome.verdicts
    ]
