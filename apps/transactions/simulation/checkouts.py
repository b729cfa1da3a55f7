"""A checkout as a simulation decides it: as `decide_checkout` does, without its locks."""

from collections.abc import Callable

from apps.campaigns.core.compile import Compiled
from apps.campaigns.core.evaluate import evaluate
from apps.campaigns.core.facts import Facts
from apps.campaigns.core.outcome import Outcome
from apps.kernel.db.hot import Cursor
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.transactions.checkouts.decision import Decision, checkout_readings, coupon_codes, decide_on
from apps.transactions.simulation.opened import coupon_ids, open_unlocked
from apps.transactions.simulation.question import Question
from apps.transactions.simulation.rules import Rules


def decide_unlocked(
    cursor: Cursor, *, call: Call, configuration: Configuration, question: Question, rules: Rules
) -> Decision:
    """What the checkout comes to, with explanations. Refuses what `decide_checkout` refuses, but for what campaigns
    make it fail with (13, 52)."""
    basket = question.basket
    codes = coupon_codes(basket)
    found = coupon_ids(cursor, brand_id=call.brand_id, codes=codes) if codes else []
    stage = open_unlocked(
        cursor,
        call=call,
        configuration=configuration,
        question=question,
        rules=rules,
        readings=checkout_readings(basket, found),
    )
    decision = decide_on(cursor, stage, basket, question.shopper, evaluates=_explained(rules))
    decision.facts = rules.corrected(decision.facts)
    return decision


def _explained(rules: Rules) -> Callable[[Compiled, Facts], Outcome]:
    """Evaluate with explanations, on facts that these rules have corrected."""
    return lambda compiled, facts: evaluate(compiled, rules.corrected(facts), explain=True)
