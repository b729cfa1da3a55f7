"""checkout, set up with a lock: what it comes to is shown, kept and reserved, until it is completed or cancelled."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from apps.campaigns.fragments import GUARD, BudgetMoves, move_budgets
from apps.cards.lock_fragments import lock_card
from apps.cards.queries.locks import lock_families
from apps.checkouts.setup_fragments import open_setup
from apps.coupons.checkout_fragments import step_coupons
from apps.coupons.core.checkout_lock import ISSUE, RESERVE, disabled, reserved
from apps.kernel.amounts import ZERO
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import InvalidInput
from apps.kernel.fragments import Fragment
from apps.kernel.value_types import BalanceType
from apps.ledger.core.promises import reserve
from apps.programs.core.configuration import BalanceNotFound, Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.checkouts.basket import Basket, CheckedOut, Shopper
from apps.transactions.checkouts.decision import Decision, check_basket, decide_checkout
from apps.transactions.checkouts.ends import MARGIN
from apps.transactions.checkouts.kept import KeptCheckout, keep
from apps.transactions.firing.carry import deeds_of, spent
from apps.transactions.firing.coupons import Given, give_coupons
from apps.transactions.firing.messages import Speaker
from apps.transactions.firing.stage import Tries
from apps.transactions.firing.trace import explanation
from apps.transactions.under_lock import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class LockWanted:
    """For how many seconds, and the value types (type and code) that stay usable. Those that the card's program lacks
    are no matter."""

    seconds: int
    excluded: tuple[tuple[BalanceType, str | None], ...] = ()


def lock_checkout(
    *,
    call: Call,
    configuration: Configuration,
    basket: Basket,
    shopper: Shopper,
    wanted: LockWanted,
    return_balances: bool = False,
    record: Record[CheckedOut] | None = None,
) -> CheckedOut:
    """Show what a checkout comes to and lock the card and its children for it.

    Reserved are: the value that it takes and the room for what it gives, its coupons, budgets and throttles. The
    coupons that it gives are drawn, disabled. The answer shows the balances before anything was reserved. Refuses what
    the checkout would refuse; besides 9 without a card, or for longer than the brand allows.
    """
    if shopper.card_number is None:
        raise InvalidInput("lockSetupDuration needs a cardNumber.")
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
        longest = decision.stage.configuration.longest_checkout_lock
        if wanted.seconds > longest:
            raise InvalidInput(f"lockSetupDuration must not be more than {longest} seconds.")
        return _plan(cursor, decision, wanted, return_balances=return_balances)

    return change(call=call, lock=lock_families([shopper.card_number]), decide=decide, record=record)


def _plan(cursor: Cursor, decision: Decision, wanted: LockWanted, *, return_balances: bool) -> Plan[CheckedOut]:
    stage, outcome = decision.stage, decision.outcome
    scene = stage.scene
    assert scene is not None
    given, skipped = give_coupons(cursor, stage, outcome)
    speaker = Speaker(stage, decision.facts, outcome, given)
    spoken, deeds = speaker.speak(), deeds_of(stage, outcome, speaker)
    balances = decision.balances(wanted=return_balances)
    kept = keep(decision, given=given, deeds=deeds, spoken=spoken)
    # of a wallet that last moved by a clock ahead of ours, the hold must not be over before it begins
    until = max(stage.call.now, scene.book.at) + timedelta(seconds=wanted.seconds)
    room = reserve(scene.book, kept.movements, until=until)
    left = {id: room.get((scene.wallet_id, id), ZERO) for id in _excluded(scene, wanted)}
    return Plan(
        answer=decision.answer(balances=balances, messages=spoken.direct, issued=None),
        call_type=CallType.CHECKOUT_SETUP,
        occurred_at=scene.book.at,
        fragments=[*scene.posting(), *_locked(scene, kept, left, until), *_reserved(decision, given, until)],
        family_id=scene.family_id,
        child_id=scene.child_id,
        contested=(GUARD,),
        explanation=explanation(stage, [decision.facts], outcome, [*skipped, *deeds.skipped]),
    )


def _excluded(scene: Scene, wanted: LockWanted) -> list[int]:
    """The ids of the value types that stay usable, each once."""
    found: dict[int, None] = {}
    for balance_type, code in wanted.excluded:
        try:
            found[scene.program.value_type(balance_type, code).id] = None
        except BalanceNotFound:
            continue
    return list(found)


def _locked(scene: Scene, kept: KeptCheckout, room: dict[int, Decimal], until: datetime) -> list[Fragment]:
    call = scene.call
    return [
        open_setup(
            brand_id=call.brand_id,
            operation_id=call.id,
            family_id=scene.family_id,
            wallet_id=scene.wallet_id,
            until=until,
            plan=kept.encode(),
        ),
        lock_card(brand_id=call.brand_id, card_id=scene.card.id, until=until, by=call.id, room=room),
    ]


def _reserved(decision: Decision, given: list[Given], until: datetime) -> list[Fragment]:
    """Coupons and budgets, whose rows are not under the family's lock, a little longer than the card."""
    stage, late = decision.stage, until + MARGIN
    call = stage.call
    brand_id, operation_id = call.brand_id, call.id
    used = [reserved(each, by=call.id, until=late) for each in decision.used]
    drawn = [disabled(each.coupon) for each in given]
    spending = spent(stage, decision.outcome)
    moves = BudgetMoves(on_date=spending.on_date, reserved=spending.spent, until=late)
    return [
        *step_coupons("coupons_reserved", brand_id=brand_id, operation_id=operation_id, coupons=used, action=RESERVE),
        *step_coupons("coupons_issued", brand_id=brand_id, operation_id=operation_id, coupons=drawn, action=ISSUE),
        *move_budgets(brand_id=brand_id, operation_id=operation_id, moves=moves),
    ]
