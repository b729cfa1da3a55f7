"""returnMerchandise: goods come back, and with them what their checkout gave."""

import json
from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

from apps.campaigns.core.kinds import Trigger
from apps.cards.queries.locks import lock_families
from apps.cards.return_fragments import remove_events
from apps.checkouts.core.returned import OverReturned, Returned, exceeds, is_full, returned
from apps.checkouts.queries.returnable import lock_checkout
from apps.checkouts.return_fragments import goods_returned
from apps.kernel.currencies import currency_scale
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import InvalidInput
from apps.kernel.fragments import Fragment
from apps.kernel.ids import parse_id
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Lock, Record, change
from apps.transactions.firing.about import About
from apps.transactions.firing.fire import CONTESTED
from apps.transactions.firing.stage import CardWanted, Stage, Tries, open_stage
from apps.transactions.past_calls import Families
from apps.transactions.remembered import brought_back
from apps.transactions.returns.coupons import coupons_back
from apps.transactions.returns.fire import fire_return
from apps.transactions.returns.goods import Goods, Returner, TakenBack
from apps.transactions.returns.original import Original, read_original
from apps.transactions.returns.undo import undo_checkout


class _Rehearsed(Exception):
    """A return could be carried out, and is not to be."""

    def __init__(self, answer: TakenBack) -> None:
        self.answer = answer


def return_merchandise(
    *,
    call: Call,
    configuration: Configuration,
    goods: Goods,
    returner: Returner,
    only_simulates: bool = False,
    record: Record[TakenBack] | None = None,
) -> TakenBack:
    """Record a return; give payments back, and take back what campaigns gave (see `returns.undo`).

    9: impossible figures, a child card or a known checkout without card (unless that was anonymous), more than was
    bought and not returned yet, payments reversed twice or without checkout. Unknown or inactive card: 2, 11; unknown
    child: 2; locked: 14. The checkout: unknown or another card's 29, no completed one 31, voided 30. Coupons that it
    issued and that were used since: 27; busy ones: 26. `only_simulates` refuses the same, and writes nothing.
    """
    _check(goods, returner)
    families, tries, checkout_id = Families(), Tries(), parse_id(returner.checkout or "")

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[TakenBack]:
        stage = open_stage(
            cursor,
            call=call,
            configuration=configuration,
            about=About(triggers=(Trigger.RETURN,), skus=[product.sku for product in goods.products]),
            card=_card(returner, locked),
            locks_budgets=tries.begin(),
        )
        original = None
        if returner.checkout is not None:
            original = read_original(cursor, stage, checkout_id, payments=goods.reverses_payments)
            families.require(original.moved.families, locked)
        plan = _plan(cursor, stage, goods, original)
        if only_simulates:
            raise _Rehearsed(plan.answer)
        return plan

    try:
        return change(call=call, lock=_lock(returner, checkout_id, families), decide=decide, record=record)
    except _Rehearsed as rehearsed:
        return rehearsed.answer


def _check(goods: Goods, returner: Returner) -> None:
    """Refuse (9) what can be judged before anything is read."""
    returned(goods.products, additional=goods.additional, scale=0)
    if returner.child_number is not None and returner.card_number is None:
        raise InvalidInput("childCardNumber needs a cardNumber.")
    if goods.reverses_payments and returner.checkout is None:
        raise InvalidInput("reversePayments needs a checkoutRequestRef.")


def _lock(returner: Returner, checkout_id: UUID | None, families: Families) -> Lock | Callable[[], Lock] | None:
    number = returner.card_number
    if number is not None:
        return lambda: lock_families([number], also=families.found)
    return lock_checkout(checkout_id) if checkout_id is not None else None


def _card(returner: Returner, locked: frozenset[int]) -> CardWanted | None:
    if returner.card_number is None:
        return None
    return CardWanted(number=returner.card_number, locked=locked, child_number=returner.child_number)


def _plan(cursor: Cursor, stage: Stage, goods: Goods, original: Original | None) -> Plan[TakenBack]:
    call, scene = stage.call, stage.scene
    here = stage.configuration.currency_at(call.location_id)
    currency = original.state.currency if original is not None else here
    back = _figures(goods, original, currency)
    full, shortfall, fragments = False, dict[int, Decimal](), list[Fragment]()
    if original is not None:
        after = back.after(original.state.before)
        full = is_full(original.bought, after)
        fragments += coupons_back(cursor, stage, goods, original, is_full=full)
        shortfall = undo_checkout(cursor, stage, original, after, payments=goods.reverses_payments)
        if goods.removes_events:
            fragments.append(remove_events(brand_id=call.brand_id, operation_id=original.id, by=call.id))
    fired = fire_return(cursor, stage, back, currency)
    fragments += _written(stage, goods, original.id if original is not None else None, back, currency, shortfall)
    return Plan(
        answer=TakenBack(back.total, full),
        call_type=CallType.RETURN_MERCHANDISE,
        occurred_at=scene.book.at if scene is not None else call.moment,
        fragments=[*fragments, *fired.fragments()],
        family_id=scene.family_id if scene is not None else None,
        child_id=scene.child_id if scene is not None else None,
        contested=CONTESTED,
        after_commit=fired.after_commit,
        explanation=fired.explanation,
    )


def _figures(goods: Goods, original: Original | None, currency: str) -> Returned:
    """What the goods come to, or 9 if that is too much. Nobody counts what comes back of an anonymous checkout."""
    scale = currency_scale(currency)
    if original is None:
        return returned(goods.products, additional=goods.additional, scale=scale)
    bought, before = original.bought, original.state.before
    back = returned(goods.products, additional=goods.additional, scale=scale, bought=bought, before=before)
    if goods.fails_if_over and not original.is_anonymous and exceeds(bought, before, back):
        raise OverReturned
    if goods.reverses_payments and original.state.payments_reversed:
        raise InvalidInput("The payments of this checkout were reversed by an earlier return.")
    return back


def _written(
    stage: Stage,
    goods: Goods,
    checkout_id: UUID | None,
    back: Returned,
    currency: str,
    shortfall: dict[int, Decimal],
) -> list[Fragment]:
    call, scene = stage.call, stage.scene
    fragments = goods_returned(
        brand_id=call.brand_id,
        operation_id=call.id,
        checkout_id=checkout_id,
        wallet_id=stage.whose,
        location_id=call.location_id,
        currency=currency,
        total=back.total,
        lines=back.lines,
        reversed_payments=goods.reverses_payments,
        may_exceed=not goods.fails_if_over,
        shortfall=json.dumps({str(key): str(value) for key, value in shortfall.items()}) if shortfall else None,
        happened_at=call.moment,
    )
    if scene is not None:
        fragments += scene.posting()
        fragments += brought_back(scene, currency=currency, total=back.total, lines=back.lines)
    return fragments
