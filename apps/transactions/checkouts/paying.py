"""The payments of a checkout: checked against the card and the calls that they refer to, and planned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.checkouts.core.payments import (
    Payment,
    PaymentInput,
    ReferencedRequestNotFound,
    card_payment_type,
    reference_of,
)
from apps.checkouts.queries.payments import PayingCall, paying_calls
from apps.kernel.amounts import ZERO, at_scale
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import ErrorCode, InvalidInput, Refusal
from apps.ledger.core.book import TooLittleBalance
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.promises import Movement
from apps.programs.core.value_type import ValueType
from apps.requestlog.core.kinds import CallType
from apps.transactions.answers import MutationSeen
from apps.transactions.operations.void_transaction import AlreadyVoided
from apps.transactions.under_lock import Scene


class NotARedemption(Refusal):
    """The referenced request is not an updateBalance that redeemed balance (31)."""

    code = ErrorCode.REQUEST_TYPE_NOT_VALID
    message = "The referenced request did not redeem balance."


@dataclass(frozen=True, slots=True)
class Paid:
    """Payments as they are kept, what those from the card will take of it, and what clients see of that."""

    payments: list[Payment]
    movements: list[Movement]
    mutations: list[MutationSeen]

    @property
    def from_card(self) -> dict[int, Decimal]:
        """What is taken from the card, by value type."""
        taken: dict[int, Decimal] = {}
        for each in self.movements:
            taken[each.value_type_id] = taken.get(each.value_type_id, ZERO) - each.amount
        return taken


def plan_payments(cursor: Cursor, scene: Scene | None, payments: Sequence[PaymentInput]) -> Paid:
    """Decide how it is paid; nothing moves yet. One statement if a payment refers to a call, none otherwise.

    From the card: 12 and 13 (bounds, too little). Referring: 29 (unknown, or another card's), 31 (no redemption), 30
    (voided), 9 (used, or more than was redeemed).
    """
    referenced = _referenced(cursor, scene, payments)
    paid = Paid([], [], [])
    for each in payments:
        reference = reference_of(each)
        if each.redeems:
            assert scene is not None
            _redeem(scene, each, paid)
        elif reference is not None:
            assert scene is not None
            paid.payments.append(_refer(scene, each, referenced[reference]))
        else:
            assert each.amount is not None
            assert each.payment_type is not None
            paid.payments.append(_kept(each, each.payment_type, each.amount, None))
    if scene is not None:
        _check_enough(scene, paid.from_card)
    return paid


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


def _redeem(scene: Scene, payment: PaymentInput, paid: Paid) -> None:
    assert payment.balance_type is not None
    assert payment.amount is not None
    value_type = scene.program.value_type(payment.balance_type, payment.balance_code)
    value_type.check_scale(payment.amount)
    value_type.check_redeem(payment.amount)
    payment_type = payment.payment_type or card_payment_type(value_type.balance_type)
    paid.payments.append(_kept(payment, payment_type, payment.amount, value_type))
    paid.movements.append(
        Movement(wallet_id=scene.wallet_id, value_type_id=value_type.id, amount=-payment.amount, kind=EntryKind.REDEEM)
    )
    paid.mutations.append(MutationSeen(value_type, at_scale(-payment.amount, value_type.scale)))


def _check_enough(scene: Scene, taken: Mapping[int, Decimal]) -> None:
    for value_type_id, amount in taken.items():
        free = sum((lot.remaining for lot in scene.book.spending_order(scene.wallet_id, value_type_id)), ZERO)
        if amount > free:
            raise TooLittleBalance


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
    payment: PaymentInput,
    payment_type: str,
    amount: Decimal,
    value_type: ValueType | None,
    paid_by: UUID | None = None,
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
