"""The payments of a checkout: said, referred to, or made from the card. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.checkouts.core.totals import FINEST
from apps.kernel.amounts import ZERO, fits
from apps.kernel.errors import ErrorCode, InvalidInput, Refusal
from apps.kernel.ids import parse_id
from apps.kernel.value_types import BalanceType


class ReferencedRequestNotFound(Refusal):
    """The referenced request is unknown, or is of another card (29)."""

    code = ErrorCode.REQUEST_NOT_FOUND
    message = "The card has no request with this reference."


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentInput:
    """A payment as the till sent it. `amount` is in the paying balance, `pays` what it covers of the total."""

    payment_type: str | None = None
    amount: Decimal | None = None
    pays: Decimal | None = None
    counts_as_discount: bool = False
    redeems: bool = False
    balance_type: BalanceType | None = None
    balance_code: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment as it is kept. Amounts as in `PaymentInput`; `paid_by` is the updateBalance call referred to."""

    payment_type: str
    amount: Decimal
    pays: Decimal
    counts_as_discount: bool
    redeems: bool
    balance_type: str | None
    balance_code: str | None
    paid_by: UUID | None = None


def check_payments(payments: Sequence[PaymentInput], *, has_card: bool) -> None:
    """Refuse (9) what can be judged from the request alone."""
    for payment in payments:
        for applies, message in _rules(payment, has_card):
            if applies:
                raise InvalidInput(message)
    references = [parse_id(each.reference) or each.reference for each in payments if each.reference is not None]
    if len(set(references)) != len(references):
        raise InvalidInput("An updateBalanceRequestRef is sent twice.")


def _rules(payment: PaymentInput, has_card: bool) -> list[tuple[bool, str]]:
    refers = payment.reference is not None
    amounts = [amount for amount in (payment.amount, payment.pays) if amount is not None]
    return [
        (any(amount < 0 or not fits(amount, FINEST) for amount in amounts), "A payment's amount is not possible."),
        (payment.redeems and refers, "redeemBalance and updateBalanceRequestRef exclude each other."),
        (payment.redeems and not has_card, "redeemBalance needs a cardNumber."),
        (payment.redeems and payment.balance_type is None, "redeemBalance needs a balanceType."),
        (payment.redeems and not payment.amount, "redeemBalance needs an amount above zero."),
        (not payment.redeems and payment.balance_type is not None, "balanceType goes with redeemBalance."),
        (not payment.redeems and payment.balance_code is not None, "balanceCode goes with redeemBalance."),
        (
            not payment.redeems and not refers and (payment.amount is None or payment.payment_type is None),
            "A payment needs paymentType and amount, or redeemBalance, or updateBalanceRequestRef.",
        ),
    ]


def reference_of(payment: PaymentInput) -> UUID | None:
    """The referenced request; a malformed reference is an unknown one (29)."""
    if payment.reference is None:
        return None
    reference = parse_id(payment.reference)
    if reference is None:
        raise ReferencedRequestNotFound
    return reference


def card_payment_type(balance_type: BalanceType) -> str:
    """What a payment from a card is called where the till does not say: by the balance it took."""
    return "Giftcard" if balance_type is BalanceType.CURRENCY else "Loyaltycard"


def check_redeemed(payments: Sequence[PaymentInput], *, total: Decimal) -> None:
    """Refuse (9) redemptions that pay more than the total."""
    redeemed = sum((_pays(payment) for payment in payments if payment.redeems), ZERO)
    if redeemed > total:
        raise InvalidInput("redeemBalance pays more than the total; checkoutPaymentAmount says what it pays of it.")


def _pays(payment: PaymentInput) -> Decimal:
    return next((amount for amount in (payment.pays, payment.amount) if amount is not None), ZERO)


def check_discounts(payments: Sequence[Payment], *, total: Decimal, pre_discount: Decimal) -> None:
    """Refuse (9) discounts that are more than the total. A referenced payment may say its amount only now."""
    if pre_discount + discount_by_payments(payments) > total:
        raise InvalidInput("Payments that count as discounts are more than the total.")


def discount_by_payments(payments: Sequence[Payment]) -> Decimal:
    """What payments with countAsDiscount take off the total that campaigns and reports see."""
    return sum((payment.pays for payment in payments if payment.counts_as_discount), ZERO)
