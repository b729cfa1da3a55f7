"""A checkout as a simulation decides it: the same parts in the same order as `decide_checkout`, without its locks."""

from apps.campaigns.core.evaluate import evaluate
from apps.campaigns.core.kinds import Trigger
from apps.campaigns.core.outcome import CouponUsed
from apps.checkouts.core.payments import check_discounts
from apps.kernel.db.hot import Cursor
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.transactions.checkouts.decision import (
    Decision,
    InvalidCoupons,
    _check_referring,
    _currency,
    _figures,
    _purchase,
    _readings,
    _usable,
)
from apps.transactions.checkouts.paying import plan_payments
from apps.transactions.firing.facts import facts_of
from apps.transactions.simulation.opened import coupon_ids, open_unlocked
from apps.transactions.simulation.question import Question
from apps.transactions.simulation.rules import Rules


def decide_unlocked(
    cursor: Cursor, *, call: Call, configuration: Configuration, question: Question, rules: Rules
) -> Decision:
    """What the checkout comes to, with explanations. Refuses what `decide_checkout` refuses, but for what campaigns
    make it fail with (13, 52)."""
    basket, shopper = question.basket, question.shopper
    codes = list(dict.fromkeys(basket.coupons))
    found = coupon_ids(cursor, brand_id=call.brand_id, codes=codes) if codes else []
    stage = open_unlocked(
        cursor,
        call=call,
        configuration=configuration,
        question=question,
        rules=rules,
        readings=_readings(basket, found),
    )
    _check_referring(stage, basket)
    currency = _currency(call, stage.configuration)
    figures = _figures(basket, currency)
    paid = plan_payments(cursor, stage.scene, basket.payments)
    check_discounts(paid.payments, total=figures.total, pre_discount=figures.pre_discount)
    coupons, blocking = _usable(stage, codes, shopper.card_number)
    if blocking and not basket.drops_blocking:
        raise InvalidCoupons(blocking)
    purchase = _purchase(stage, basket, figures, currency, paid, coupons)
    facts = rules.corrected(facts_of(stage, Trigger.CHECKOUT, purchase))
    outcome = evaluate(stage.loaded.compiled, facts, explain=True)
    used = {each.code for each in outcome.effects if isinstance(each, CouponUsed)}
    unused = tuple(each.coupon.code for each in coupons if each.coupon.code not in used)
    return Decision(stage, shopper, basket, figures, currency, paid, facts, outcome, coupons, tuple(blocking), unused)
