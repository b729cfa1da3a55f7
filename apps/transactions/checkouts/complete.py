"""checkout, completed after a locking setup: exactly what was shown, whatever was published or expired in between."""

from collections import Counter
from collections.abc import Sequence

from apps.campaigns.fragments import BudgetMoves, move_budgets, mutations
from apps.cards.queries.locks import lock_families
from apps.checkouts.core.payments import Payment, PaymentInput, check_payments
from apps.checkouts.fragments import checkout as checkout_fragments
from apps.coupons.checkout_fragments import step_coupons
from apps.coupons.core.checkout_lock import ENABLE, USE, enabled, used
from apps.coupons.core.life import Coupon
from apps.coupons.queries.setup_coupons import setup_coupons
from apps.facts.fragments import fire
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import InvalidInput
from apps.kernel.fragments import Fragment
from apps.ledger.core.promises import carry_out
from apps.messaging.fragments import outbox
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.answers import balances_seen
from apps.transactions.checkouts.basket import CheckedOut, Shopper
from apps.transactions.checkouts.ends import ended
from apps.transactions.checkouts.opened import Opened, check_reference, open_kept
from apps.transactions.checkouts.paying import plan_payments
from apps.transactions.firing.carry import done_to_the_card
from apps.transactions.firing.messages import poked
from apps.transactions.remembered import bought


class OtherPayment(InvalidInput):
    """A complete redeems nothing that its setup has not promised (9)."""

    message = "redeemBalance on a complete must be one of the payments of its setup."


def complete_checkout(
    *,
    call: Call,
    configuration: Configuration,
    reference: str,
    shopper: Shopper,
    payments: Sequence[PaymentInput] = (),
    return_balances: bool = False,
    record: Record[CheckedOut] | None = None,
) -> CheckedOut:
    """Carry out a locking setup of this card, or of this child card. Nothing is evaluated and no bounds are checked.
    Five statements; two more with coupons, one more where a payment refers to a call.

    `payments`, where there are any, replace what the setup said of how it is paid; what it takes from the card stays.
    Without a card: 9; refuses what `open_kept` refuses (2, 10, 11, 8, 15); a payment from the card that the setup did
    not promise, or discounts by payments beyond the total: 9; referring payments: 29, 30, 31, 9; a coupon busy: 26.
    """
    card_number, reference = check_reference(shopper, reference)
    check_payments(payments, has_card=True)

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[CheckedOut]:
        opened = open_kept(
            cursor,
            call=call,
            configuration=configuration,
            locked=locked,
            shopper=shopper,
            card_number=card_number,
            reference=reference,
        )
        return _plan(cursor, opened, shopper, payments, return_balances=return_balances)

    return change(call=call, lock=lock_families([card_number]), decide=decide, record=record)


def _plan(
    cursor: Cursor, opened: Opened, shopper: Shopper, sent: Sequence[PaymentInput], *, return_balances: bool
) -> Plan[CheckedOut]:
    scene, kept = opened.scene, opened.kept
    call = scene.call
    payments = _payments(cursor, opened, sent) if sent else list(kept.payments)
    numbers = carry_out(scene.book, kept.movements, hold_id=opened.setup.operation_id)
    has_coupons = bool(kept.used or kept.given)
    setup_id = opened.setup.operation_id
    coupons = setup_coupons(cursor, brand_id=call.brand_id, setup_id=setup_id) if has_coupons else []
    balances = None
    if return_balances:
        balances = balances_seen(scene.book.lots, at=scene.book.at, configuration=scene.configuration)
    return Plan(
        answer=kept.answer(scene.configuration, shopper, balances),
        call_type=CallType.CHECKOUT_COMPLETE,
        occurred_at=scene.book.at,
        fragments=[
            *_bought(opened, payments),
            *_done(opened, numbers, coupons),
            *ended(call, opened.setup, enrolled_at=call.moment if kept.enrols else None),
            *scene.posting(),
        ],
        family_id=scene.family_id,
        child_id=scene.child_id,
        after_commit=poked(call, kept.messages),
    )


def _payments(cursor: Cursor, opened: Opened, sent: Sequence[PaymentInput]) -> list[Payment]:
    """How it was paid in the end: from the card as promised, and otherwise as the till says now."""
    kept = opened.kept
    promised = [each for each in kept.payments if each.redeems]
    left = Counter(_said(each) for each in promised)
    for each in sent:
        if each.redeems:
            said = _said_now(each)
            if not left[said]:
                raise OtherPayment
            left[said] -= 1
    reported = plan_payments(cursor, opened.scene, [each for each in sent if not each.redeems]).payments
    payments = [*promised, *reported]
    if kept.spend(payments) < 0:
        raise InvalidInput("Payments that count as discounts are more than the total after discounts.")
    return payments


def _said(payment: Payment) -> tuple[object, ...]:
    """What tells payments from the card apart. How a till calls them is no matter."""
    return payment.balance_type, payment.balance_code, payment.amount, payment.pays, payment.counts_as_discount


def _said_now(payment: PaymentInput) -> tuple[object, ...]:
    assert payment.balance_type is not None, "checked before"
    pays = payment.pays if payment.pays is not None else payment.amount
    code = payment.balance_code or None if payment.balance_type.has_code else None
    return payment.balance_type.value, code, payment.amount, pays, payment.counts_as_discount


def _bought(opened: Opened, payments: Sequence[Payment]) -> list[Fragment]:
    """Checkout, lines, payments, and what is remembered of them."""
    scene, kept = opened.scene, opened.kept
    call = scene.call
    written = checkout_fragments(
        brand_id=call.brand_id,
        operation_id=call.id,
        wallet_id=scene.child_id or scene.family_id,
        location_id=call.location_id,
        currency=kept.currency,
        figures=kept.figures,
        discount=kept.discount,
        lines=kept.lines,
        payments=payments,
        happened_at=call.moment,
        key_values=kept.keys,
        referring_card=kept.referring_card,
        setup_id=opened.setup.operation_id,
    )
    return [*written, *bought(scene, currency=kept.currency, spend=kept.spend(payments), lines=kept.lines)]


def _done(opened: Opened, numbers: Sequence[int], coupons: Sequence[Coupon]) -> list[Fragment]:
    """All that campaigns do, but for value."""
    scene, kept, setup_id = opened.scene, opened.kept, opened.setup.operation_id
    call, whose = scene.call, scene.child_id or scene.family_id
    by_id = {each.id: each for each in coupons}
    spent = [used(by_id[id], of=setup_id, at=call.moment, by=call.id) for id in kept.used]
    issued = [enabled(by_id[id]) for id in kept.given]
    firings = {each.rule: each.times for each in kept.firings}
    moves = BudgetMoves(on_date=scene.today, completes=setup_id if kept.spends else None)
    brand_id, operation_id = call.brand_id, call.id
    return [
        *mutations(brand_id=brand_id, operation_id=operation_id, mutations=kept.numbered(numbers)),
        *fire(brand_id=brand_id, wallet_id=whose, operation_id=operation_id, firings=firings, on_date=scene.today),
        *move_budgets(brand_id=brand_id, operation_id=operation_id, moves=moves),
        *step_coupons("coupons_used", brand_id=brand_id, operation_id=operation_id, coupons=spent, action=USE),
        *step_coupons("coupons_enabled", brand_id=brand_id, operation_id=operation_id, coupons=issued, action=ENABLE),
        *outbox(brand_id=brand_id, operation_id=operation_id, wallet_id=whose, messages=kept.messages, now=call.now),
        *done_to_the_card(scene, kept.deeds(call.moment)),
    ]
