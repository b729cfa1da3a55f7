"""checkout (standalone): what was bought, and how it was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.cards.queries.locks import lock_families
from apps.cards.queries.read_cards import read_cards
from apps.checkouts.core.payments import (
    Payment,
    PaymentInput,
    ReferencedRequestNotFound,
    card_payment_type,
    check_discounts,
    check_payments,
    check_redeemed,
    discount_by_payments,
    reference_of,
)
from apps.checkouts.core.totals import CheckoutLine, Totals, totals
from apps.checkouts.fragments import checkout as checkout_fragments
from apps.checkouts.queries.payments import PayingCall, paying_calls
from apps.kernel.amounts import ZERO, at_scale, with_digits
from apps.kernel.currencies import currency_scale
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import ErrorCode, InvalidInput, Refusal
from apps.programs.core.configuration import Configuration
from apps.programs.core.value_type import ValueType
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.answers import BalanceSeen, MutationSeen, balances_seen
from apps.transactions.operations.void_transaction import AlreadyVoided
from apps.transactions.remembered import bought
from apps.transactions.under_lock import NO_PIN, PinClaim, Scene, check_moment, current, open_card


class NotARedemption(Refusal):
    """The referenced request is not an updateBalance that redeemed balance (31)."""

    code = ErrorCode.REQUEST_TYPE_NOT_VALID
    message = "The referenced request did not redeem balance."


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What was bought: the till's own total and pre-discounts in the location's currency, the lines, the payments."""

    total: Decimal | None = None
    lines: Sequence[CheckoutLine] = ()
    pre_discounts: Sequence[Decimal] = ()
    payments: Sequence[PaymentInput] = ()


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """Figures at the currency's decimals (more only if the till sent more); balances None unless asked for."""

    card_number: str | None
    child_number: str | None
    total: Decimal
    discount: Decimal
    mutations: list[MutationSeen]
    balances: list[BalanceSeen] | None


def checkout(
    *,
    call: Call,
    configuration: Configuration,
    basket: Basket,
    card_number: str | None = None,
    child_number: str | None = None,
    uses_parent_balances: bool = False,
    claim: PinClaim = NO_PIN,
    return_balances: bool = False,
    record: Record[CheckedOut] | None = None,
) -> CheckedOut:
    """Record a completed checkout and make its payments, for a card (or its child) or for an anonymous customer.

    `uses_parent_balances`: the checkout is the child's, the payments come from the root card. Impossible figures and
    combinations: 9. Unknown or inactive card: 2, 11; unknown child: 2; wrong PIN: 10. A redeeming payment can
    answer 12 and 13; a referenced one 29 (unknown, or another card's), 31 (no redemption), 30 (voided), 9 (used).
    """
    _figures(basket, _currency(call, configuration))
    check_payments(basket.payments, has_card=card_number is not None)
    if claim.is_forced and card_number is None:
        raise InvalidInput("forcePinValidation needs a cardNumber.")
    if child_number is not None and card_number is None:
        raise InvalidInput("childCardNumber needs a cardNumber.")
    if uses_parent_balances and child_number is None:
        raise InvalidInput("useParentBalancesOnly needs a childCardNumber.")

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[CheckedOut]:
        if card_number is None:
            scene, fresh = None, _anonymous(cursor, call, configuration)
        else:
            scene = open_card(
                cursor,
                call=call,
                configuration=configuration,
                locked=locked,
                number=card_number,
                claim=claim,
                child_number=child_number,
                uses_parent_balances=uses_parent_balances,
            )
            fresh = scene.configuration
        currency = _currency(call, fresh)
        figures = _figures(basket, currency)
        referenced = _referenced(cursor, scene, basket.payments)
        paid = [_pay(scene, payment, referenced) for payment in basket.payments]
        payments = [payment for payment, _ in paid]
        check_discounts(payments, total=figures.total, pre_discount=figures.pre_discount)
        seen = None
        if scene is not None and return_balances:
            seen = balances_seen(scene.book.lots, at=scene.book.at, configuration=scene.configuration)
        answer = CheckedOut(
            card_number=card_number,
            child_number=child_number,
            total=with_digits(figures.total, at_least=currency_scale(currency)),
            discount=at_scale(ZERO, currency_scale(currency)),
            mutations=[mutation for _, mutation in paid if mutation is not None],
            balances=seen,
        )
        return _plan(call, scene, answer, figures, currency, basket.lines, payments)

    lock = lock_families([card_number]) if card_number is not None else None
    return change(call=call, lock=lock, decide=decide, record=record)


def _currency(call: Call, configuration: Configuration) -> str:
    location = configuration.location(call.location_id)
    return location.currency if location else configuration.currency


def _figures(basket: Basket, currency: str) -> Totals:
    """The totals, once with the currency as this process knows it (what is impossible is refused before anything is
    read), and once more with the present one."""
    figures = totals(
        stated=basket.total,
        lines=basket.lines,
        pre_discounts=basket.pre_discounts,
        currency_scale=currency_scale(currency),
    )
    check_redeemed(basket.payments, total=figures.total)
    return figures


def _anonymous(cursor: Cursor, call: Call, configuration: Configuration) -> Configuration:
    found = read_cards(cursor, brand_id=call.brand_id, numbers=[])
    fresh = current(configuration, found.config, call)
    check_moment(call, fresh.zone, found.closed_through)
    return fresh


def _referenced(cursor: Cursor, scene: Scene | None, payments: Sequence[PaymentInput]) -> dict[UUID, PayingCall]:
    """The redemptions that payments refer to, each checked."""
    ids = [reference for payment in payments if (reference := reference_of(payment)) is not None]
    if not ids:
        return {}
    if scene is None:
        raise ReferencedRequestNotFound
    found = paying_calls(cursor, brand_id=scene.call.brand_id, ids=ids)
    for each in ids:
        if each not in found or found[each].family_id != scene.family_id:
            raise ReferencedRequestNotFound
        if found[each].call_type is not CallType.UPDATE_BALANCE or found[each].value_type_id is None:
            raise NotARedemption
        if found[each].is_voided:
            raise AlreadyVoided("The referenced request was voided.")
        if found[each].is_used:
            raise InvalidInput("The referenced request already pays for another checkout.")
    return found


def _pay(
    scene: Scene | None, payment: PaymentInput, referenced: dict[UUID, PayingCall]
) -> tuple[Payment, MutationSeen | None]:
    if payment.redeems:
        assert scene is not None
        return _redeem(scene, payment)
    reference = reference_of(payment)
    if reference is not None:
        assert scene is not None
        return _refer(scene, payment, referenced[reference]), None
    assert payment.amount is not None
    assert payment.payment_type is not None
    return _kept(payment, payment.payment_type, payment.amount, None), None


def _redeem(scene: Scene, payment: PaymentInput) -> tuple[Payment, MutationSeen]:
    assert payment.balance_type is not None
    assert payment.amount is not None
    value_type = scene.program.value_type(payment.balance_type, payment.balance_code)
    value_type.check_scale(payment.amount)
    value_type.check_redeem(payment.amount)
    scene.book.redeem(wallet_id=scene.wallet_id, value_type_id=value_type.id, amount=payment.amount)
    payment_type = payment.payment_type or card_payment_type(value_type.balance_type)
    mutation = MutationSeen(value_type, at_scale(-payment.amount, value_type.scale))
    return _kept(payment, payment_type, payment.amount, value_type), mutation


def _refer(scene: Scene, payment: PaymentInput, call: PayingCall) -> Payment:
    assert call.value_type_id is not None
    assert call.redeemed is not None
    value_type = scene.configuration.value_types[call.value_type_id]
    amount = payment.amount if payment.amount is not None else call.redeemed
    value_type.check_scale(amount)
    if amount > call.redeemed:
        raise InvalidInput("A referenced payment cannot be more than what its request redeemed.")
    payment_type = payment.payment_type or card_payment_type(value_type.balance_type)
    return _kept(payment, payment_type, amount, value_type, call.id)


def _kept(
    payment: PaymentInput, payment_type: str, amount: Decimal, value_type: ValueType | None, paid_by: UUID | None = None
) -> Payment:
    return Payment(
        payment_type=payment_type,
        amount=amount,
        pays=payment.pays if payment.pays is not None else amount,
        counts_as_discount=payment.counts_as_discount,
        redeems=payment.redeems,
        balance_type=value_type.balance_type.value if value_type else None,
        balance_code=value_type.balance_code or None if value_type else None,
        paid_by=paid_by,
    )


def _plan(
    call: Call,
    scene: Scene | None,
    answer: CheckedOut,
    figures: Totals,
    currency: str,
    lines: Sequence[CheckoutLine],
    payments: Sequence[Payment],
) -> Plan[CheckedOut]:
    fragments = checkout_fragments(
        brand_id=call.brand_id,
        operation_id=call.id,
        wallet_id=(scene.child_id or scene.wallet_id) if scene else None,
        location_id=call.location_id,
        currency=currency,
        figures=figures,
        lines=lines,
        payments=payments,
        happened_at=call.moment,
    )
    if scene is not None:
        fragments += scene.posting()
        spend = figures.total - figures.pre_discount - discount_by_payments(payments)
        fragments += bought(scene, currency=currency, spend=spend, lines=lines)
    return Plan(
        answer=answer,
        call_type=CallType.CHECKOUT_COMPLETE,
        occurred_at=scene.book.at if scene else call.moment,
        fragments=fragments,
        family_id=scene.family_id if scene else None,
        child_id=scene.child_id if scene else None,
    )
