"""checkout (standalone): what was bought, how it was paid, and what campaigns made of it."""

from apps.campaigns.fragments import GUARD
from apps.cards.queries.locks import lock_families
from apps.kernel.db.hot import Cursor
from apps.ledger.core.movements import move_all
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.checkouts.basket import Basket, CheckedOut, Shopper
from apps.transactions.checkouts.decision import Decision, check_basket, decide_checkout
from apps.transactions.checkouts.write import Purchased, write_checkout
from apps.transactions.firing.carry import deeds_of
from apps.transactions.firing.coupons import give_coupons
from apps.transactions.firing.messages import Speaker, poked
from apps.transactions.firing.stage import Tries
from apps.transactions.firing.trace import explanation

NOBODY = Shopper()


def checkout(
    *,
    call: Call,
    configuration: Configuration,
    basket: Basket,
    shopper: Shopper = NOBODY,
    return_balances: bool = False,
    record: Record[CheckedOut] | None = None,
) -> CheckedOut:
    """Record a completed checkout, make its payments and carry out what campaigns give, for a card (or its child) or
    for an anonymous customer. Five statements; one more with coupons sent, one for each coupon given, one more where a
    payment refers to a call.

    Impossible figures and combinations: 9. Unknown or inactive card: 2, 11; unknown child or referring card: 2; wrong
    PIN: 10; locked: 14. Payments: 12, 13, 29, 30, 31. Coupons: 26, 27, 52. A campaign that would push a balance over
    its maximum: 13.
    """
    check_basket(call, configuration, basket, shopper)
    tries = Tries()

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[CheckedOut]:
        decision = decide_checkout(
            cursor,
            call=call,
            configuration=configuration,
            basket=basket,
            shopper=shopper,
            locked=locked,
            locks_budgets=tries.begin(),
        )
        return _plan(cursor, decision, return_balances=return_balances)

    numbers = [shopper.card_number] if shopper.card_number is not None else None
    return change(call=call, lock=lock_families(numbers) if numbers else None, decide=decide, record=record)


def _plan(cursor: Cursor, decision: Decision, *, return_balances: bool) -> Plan[CheckedOut]:
    stage, outcome = decision.stage, decision.outcome
    call, scene = stage.call, stage.scene
    given, skipped = give_coupons(cursor, stage, outcome)
    speaker = Speaker(stage, decision.facts, outcome, given)
    spoken, deeds = speaker.speak(), deeds_of(stage, outcome, speaker)
    numbers = move_all(scene.book, decision.movements) if scene is not None else []
    purchased = Purchased(decision, numbers, given, deeds, spoken.messages)
    return Plan(
        answer=decision.answer(
            balances=decision.balances(wanted=return_balances),
            messages=spoken.direct,
            issued=tuple(each.coupon.code for each in given),
        ),
        call_type=CallType.CHECKOUT_COMPLETE,
        occurred_at=scene.book.at if scene is not None else call.moment,
        fragments=write_checkout(purchased),
        family_id=scene.family_id if scene is not None else None,
        child_id=scene.child_id if scene is not None else None,
        contested=(GUARD,),
        after_commit=poked(call, spoken.messages),
        explanation=explanation(stage, [decision.facts], outcome, [*skipped, *deeds.skipped]),
    )
