"""Firing campaigns from a verb that is no checkout: evaluate, carry out on the book, and say what is to be written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from apps.campaigns.core.evaluate import evaluate
from apps.campaigns.core.facts import Facts
from apps.campaigns.core.outcome import Outcome, Spending
from apps.campaigns.fragments import GUARD
from apps.coupons.core.life import Action, Coupon, step
from apps.kernel.amounts import ZERO
from apps.kernel.db.hot import Cursor
from apps.kernel.fragments import Fragment
from apps.ledger.core.movements import move_all
from apps.requestlog.core.plan import Explanation
from apps.transactions.firing.about import Purchase
from apps.transactions.firing.carry import Deeds, deeds_of, write_outcome
from apps.transactions.firing.coupons import Given, give_coupons, lock_own
from apps.transactions.firing.effects import movements, value_moves
from apps.transactions.firing.facts import facts_of
from apps.transactions.firing.messages import Speaker, Spoken, poked
from apps.transactions.firing.stage import Stage
from apps.transactions.firing.trace import explanation

CONTESTED = (GUARD,)
"""For the plan of a call that may fire campaigns: see `Tries`."""


@dataclass(slots=True)
class Fired:
    """What campaigns did on a call. The value has moved on the scene's book; all the rest is still to be written."""

    stage: Stage
    outcome: Outcome
    numbers: list[int]
    given: list[Given]
    used: list[Coupon]
    spoken: Spoken
    deeds: Deeds
    explanation: Explanation | None

    def fragments(self, *, writes_account: bool = True) -> list[Fragment]:
        """Everything but the ledger's own fragments: the verb posts the book once, with its own movements. Unless
        `writes_account`, the verb itself writes fields and enrolment, together with its own."""
        return write_outcome(
            self.stage,
            self.outcome,
            numbers=self.numbers,
            deeds=self.deeds if writes_account else Deeds(events=self.deeds.events),
            given=self.given,
            used=self.used,
            messages=self.spoken.messages,
        )

    @property
    def after_commit(self) -> list[Callable[[], None]]:
        """What the verb's plan does after the commit."""
        return poked(self.stage.call, self.spoken.messages)


def fire(cursor: Cursor, stage: Stage, purchase: Purchase | None = None) -> Fired:
    """Evaluate the rules of the stage's triggers, after the verb moved what it moves, and carry out what moves value.

    One statement for each coupon given, two where rules use the card's coupons; none otherwise.
    """
    if not stage.needs.any_rules:
        return nothing_fired(stage)
    numbers: list[int] = []
    outcome, snapshots = Outcome(), []
    for trigger in stage.about.triggers:
        facts = facts_of(stage, trigger, purchase, outcome)
        more = evaluate(stage.loaded.compiled, facts)
        snapshots.append(facts)
        if stage.scene is not None:
            moves = value_moves(more.effects)
            plan = movements(moves, wallet_id=stage.scene.wallet_id, program=stage.scene.program)
            numbers += move_all(stage.scene.book, plan)
        outcome = _joined(outcome, more)
    return _fired(cursor, stage, outcome, snapshots, numbers)


def nothing_fired(stage: Stage) -> Fired:
    """Where no rules are to run."""
    return Fired(stage, Outcome(), [], [], [], Spoken(), Deeds(), None)


def _fired(cursor: Cursor, stage: Stage, outcome: Outcome, snapshots: Sequence[Facts], numbers: list[int]) -> Fired:
    call = stage.call
    used = [step(each, Action.USE, at=call.moment, by=call.id) for each in lock_own(cursor, stage, outcome)]
    given, skipped = give_coupons(cursor, stage, outcome)
    # the first snapshot knows the balances before all effects
    speaker = Speaker(stage, snapshots[0], outcome, given)
    deeds = deeds_of(stage, outcome, speaker)
    return Fired(
        stage=stage,
        outcome=outcome,
        numbers=numbers,
        given=given,
        used=used,
        spoken=speaker.speak(),
        deeds=deeds,
        explanation=explanation(stage, snapshots, outcome, [*skipped, *deeds.skipped]),
    )


def _joined(earlier: Outcome, later: Outcome) -> Outcome:
    """Two outcomes of one call, as one. No rule has two triggers."""
    if not earlier.verdicts:
        return later
    spent = {each.budget: each.amount for each in earlier.spendings}
    for each in later.spendings:
        spent[each.budget] = spent.get(each.budget, ZERO) + each.amount
    return Outcome(
        effects=earlier.effects + later.effects,
        discount=earlier.discount + later.discount,
        firings=earlier.firings + later.firings,
        spendings=tuple(Spending(budget, amount) for budget, amount in spent.items()),
        verdicts=earlier.verdicts + later.verdicts,
    )
