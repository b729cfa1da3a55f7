"""What a call would come to: rules in force or a draft, on a card, a basket and a moment, without any effect."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from apps.campaigns.core.evaluate import evaluate
from apps.campaigns.core.facts import Basket, Facts
from apps.campaigns.core.kinds import Trigger
from apps.campaigns.core.outcome import Outcome
from apps.checkouts.core.totals import totals
from apps.kernel.currencies import currency_scale
from apps.kernel.db.hot import Cursor, hot_cursor, is_idle, roll_back
from apps.kernel.errors import InvalidInput, Refusal
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.transactions.checkouts.decision import Decision, check_basket, refuse_by_campaigns
from apps.transactions.firing.about import Purchase
from apps.transactions.firing.carry import deeds_of
from apps.transactions.firing.effects import balances_after, mutations_seen
from apps.transactions.firing.facts import facts_of, lines_seen
from apps.transactions.firing.messages import Speaker
from apps.transactions.firing.stage import Stage
from apps.transactions.simulation.checkouts import decide_unlocked
from apps.transactions.simulation.opened import before_rules, open_unlocked
from apps.transactions.simulation.question import Question, Said, Simulated
from apps.transactions.simulation.rules import Rules, rules_in_force
from apps.transactions.under_lock import EARLIEST

LATEST = datetime(9000, 1, 1, tzinfo=UTC)
"""Value that begins or ends a century after this still has a date."""


def simulate(*, call: Call, configuration: Configuration, question: Question) -> Simulated:
    """Evaluate the rules of the question's trigger as the call would, and say what would come of it.

    The call's moment may lie in the past or in the future; balances, throttles, budgets and coupons are taken as they
    stand. Nothing is written, locked, drawn or counted, and no PIN is asked for: PostgreSQL itself refuses to write or
    lock within this transaction, which sees one snapshot and is rolled back. Coupons that rules give are not looked
    for.

    Refuses what the call would refuse: see `checkout`; what campaigns make it fail with (13, 52) is part of the answer.
    Unknown or faulty revisions, a trigger that needs a card without one, moments before 1900 or after 9000: 9.
    """
    if not EARLIEST <= call.moment < LATEST:
        raise InvalidInput("The moment is too far away.")
    if question.trigger is Trigger.CHECKOUT:
        check_basket(call, configuration, question.basket, question.shopper)
    with _reading_only() as cursor:
        rules = rules_in_force(brand_id=call.brand_id, revision=question.revision)
        if question.trigger is Trigger.CHECKOUT:
            return _checked_out(
                decide_unlocked(cursor, call=call, configuration=configuration, question=question, rules=rules)
            )
        stage = open_unlocked(cursor, call=call, configuration=configuration, question=question, rules=rules)
        return _triggered(stage, question, rules)


@contextmanager
def _reading_only() -> Iterator[Cursor]:
    cursor = hot_cursor()
    assert is_idle(cursor), "a snapshot of its own"
    cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    try:
        yield cursor
    finally:
        roll_back(cursor)


def _checked_out(decision: Decision) -> Simulated:
    refusal = None
    try:
        refuse_by_campaigns(decision)
    except Refusal as problem:
        refusal = problem
    return Simulated(
        campaigns=decision.stage.loaded.campaigns,
        facts=decision.facts,
        outcome=decision.outcome,
        said=_said(decision.stage, decision.facts, decision.outcome),
        mutations=decision.mutations,
        total=decision.figures.total,
        spend=decision.spend,
        blocking=decision.blocking,
        unused=decision.unused,
        refusal=refusal,
    )


def _triggered(stage: Stage, question: Question, rules: Rules) -> Simulated:
    before_rules(stage)
    purchase = _brought_back(stage, question) if question.trigger is Trigger.RETURN else None
    facts = rules.corrected(facts_of(stage, question.trigger, purchase))
    outcome = evaluate(stage.loaded.compiled, facts, explain=True)
    scene = stage.require_scene()
    return Simulated(
        campaigns=stage.loaded.campaigns,
        facts=facts,
        outcome=outcome,
        said=_said(stage, facts, outcome),
        mutations=mutations_seen(outcome.effects, program=scene.program, currency_scale=facts.currency_scale),
    )


def _brought_back(stage: Stage, question: Question) -> Purchase:
    """What a return gives back, as its rules see it."""
    currency = stage.configuration.currency_at(stage.call.location_id)
    basket, scale = question.basket, currency_scale(currency)
    figures = totals(stated=basket.total, lines=basket.lines, pre_discounts=(), currency_scale=scale)
    back = Basket(total=figures.total, seen=figures.total, lines=lines_seen(stage, basket.lines))
    return Purchase(basket=back, currency=currency, paid_from_card={})


def _said(stage: Stage, facts: Facts, outcome: Outcome) -> Said:
    speaker = Speaker(stage, facts, outcome)
    return Said(
        direct=speaker.speak().direct,
        skipped=tuple(deeds_of(stage, outcome, speaker).skipped),
        balances=balances_after(facts, outcome),
    )
