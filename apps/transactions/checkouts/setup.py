"""checkout, set up without a lock: what it would come to. Changes nothing but the history of calls."""

from apps.cards.queries.locks import lock_families
from apps.kernel.db.hot import Cursor
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.checkouts.basket import Basket, CheckedOut, Shopper
from apps.transactions.checkouts.decision import check_basket, decide_checkout
from apps.transactions.firing.messages import Speaker
from apps.transactions.firing.trace import explanation


def set_up_checkout(
    *,
    call: Call,
    configuration: Configuration,
    basket: Basket,
    shopper: Shopper,
    return_balances: bool = False,
    record: Record[CheckedOut] | None = None,
) -> CheckedOut:
    """Show what a checkout would come to: the present balances, and the movements and discounts that it would have.

    Refuses what the checkout would refuse. No value moves, nothing counts, no coupon is given, no message leaves.
    """
    check_basket(call, configuration, basket, shopper)

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[CheckedOut]:
        decision = decide_checkout(
            cursor,
            call=call,
            configuration=configuration,
            basket=basket,
            shopper=shopper,
            locked=locked,
            locks_budgets=False,
        )
        stage = decision.stage
        scene = stage.scene
        spoken = Speaker(stage, decision.facts, decision.outcome).speak()
        return Plan(
            answer=decision.answer(
                balances=decision.balances(wanted=return_balances), messages=spoken.direct, issued=None
            ),
            call_type=CallType.CHECKOUT_SETUP,
            occurred_at=scene.book.at if scene is not None else call.moment,
            fragments=[],
            family_id=scene.family_id if scene is not None else None,
            child_id=scene.child_id if scene is not None else None,
            explanation=explanation(stage, [decision.facts], decision.outcome),
        )

    numbers = [shopper.card_number] if shopper.card_number is not None else None
    return change(call=call, lock=lock_families(numbers) if numbers else None, decide=decide, record=record)
