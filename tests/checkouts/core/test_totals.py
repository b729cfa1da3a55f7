"""The figures of a checkout and its payments, without a database."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

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
from apps.kernel.errors import InvalidInput
from apps.kernel.value_types import BalanceType


def line(quantity: Any, price: Any, cost: Any = None) -> CheckoutLine:
    return CheckoutLine("HAT", Decimal(quantity), Decimal(price), Decimal(cost) if cost is not None else None)


def figures(stated: Any = None, *lines: CheckoutLine, off: tuple[Any, ...] = (), scale: int = 2) -> Totals:
    total = Decimal(stated) if stated is not None else None
    return totals(stated=total, lines=lines, pre_discounts=[Decimal(each) for each in off], currency_scale=scale)


def test_the_total_said_wins_over_the_lines() -> None:
    assert figures(5, line(1, 100)) == Totals(Decimal(5), Decimal(0))


@pytest.mark.parametrize(
    ("scale", "lines", "total"),
    [
        (2, [line(3, "9.99"), line(1, "1.005")], "30.98"),
        (2, [line("0.333", "10")], "3.33"),
        (2, [line(1, "0.004"), line(1, "0.004")], "0.01"),
        (0, [line(1, "99.5")], "100"),
        (2, [line(0, 5)], "0.00"),
    ],
)
def test_the_sum_of_the_lines_is_rounded_once_half_up(scale: int, lines: list[CheckoutLine], total: str) -> None:
    assert str(figures(None, *lines, scale=scale).total) == total


@pytest.mark.parametrize(
    "run",
    [
        lambda: figures(),
        lambda: figures("-0.01"),
        lambda: figures("10000000.01"),
        lambda: figures("0.0000001"),
        lambda: figures(None, line(-1, 5)),
        lambda: figures(None, line(1, -5)),
        lambda: figures(None, line(1, 5, "0.0000001")),
        lambda: figures(None, line("99999999999", "99999999999")),
        lambda: figures(10, off=("10.01",)),
        lambda: figures(10, off=(6, 5)),
        lambda: figures(10, off=(-1,)),
    ],
)
def test_impossible_figures_are_refused(run: Any) -> None:
    with pytest.raises(InvalidInput):
        run()


def test_pre_discounts_may_be_the_whole_total() -> None:
    assert figures(10, off=(6, 4)).pre_discount == 10


def test_a_cost_may_be_below_zero() -> None:
    assert figures(None, line(1, 5, -1)).total == 5


def said(**facts: Any) -> PaymentInput:
    return PaymentInput(**{"payment_type": "Cash", "amount": Decimal(5)} | facts)


REDEEMS = {"redeems": True, "balance_type": BalanceType.POINTS}


@pytest.mark.parametrize(
    ("payment", "has_card"),
    [
        (said(), False),
        (said(**REDEEMS), True),
        (said(payment_type=None, **REDEEMS), True),
        (PaymentInput(reference="x"), False),
        (said(amount=Decimal(0)), False),
    ],
)
def test_payments_that_make_sense(payment: PaymentInput, has_card: bool) -> None:
    check_payments([payment], has_card=has_card)


@pytest.mark.parametrize(
    "payments",
    [
        [said(amount=Decimal(-1))],
        [said(pays=Decimal(-1))],
        [said(amount=None)],
        [said(payment_type=None)],
        [said(balance_type=BalanceType.POINTS)],
        [said(balance_code="USD")],
        [said(redeems=True)],
        [said(amount=Decimal(0), **REDEEMS)],
        [said(amount=None, **REDEEMS)],
        [said(reference="x", **REDEEMS)],
        [PaymentInput(reference="x"), PaymentInput(reference="x")],
    ],
)
def test_payments_that_make_none(payments: list[PaymentInput]) -> None:
    with pytest.raises(InvalidInput):
        check_payments(payments, has_card=True)


def test_one_reference_in_two_spellings_is_one_reference() -> None:
    reference = str(uuid4())
    with pytest.raises(InvalidInput):
        check_payments([PaymentInput(reference=reference), PaymentInput(reference=reference.upper())], has_card=True)


def test_redeeming_needs_a_card() -> None:
    with pytest.raises(InvalidInput):
        check_payments([said(**REDEEMS)], has_card=False)


def test_a_malformed_reference_is_an_unknown_one() -> None:
    assert reference_of(said()) is None
    with pytest.raises(ReferencedRequestNotFound):
        reference_of(PaymentInput(reference="x"))


def paid(pays: Any, *, redeems: bool = False, off: bool = False) -> Payment:
    return Payment(
        payment_type="Cash",
        amount=Decimal(1),
        pays=Decimal(pays),
        counts_as_discount=off,
        redeems=redeems,
        balance_type=None,
        balance_code=None,
    )


def test_redemptions_stay_within_the_total() -> None:
    five = said(**REDEEMS)
    check_redeemed([five, five, said(amount=Decimal(99))], total=Decimal(10))
    check_redeemed([said(amount=Decimal(100), pays=Decimal(10), **REDEEMS)], total=Decimal(10))
    for more in (said(amount=Decimal("0.01"), **REDEEMS), said(pays=Decimal("0.01"), **REDEEMS)):
        with pytest.raises(InvalidInput):
            check_redeemed([five, five, more], total=Decimal(10))


def test_discounts_stay_within_the_total() -> None:
    check_discounts([paid(6, off=True), paid(99)], total=Decimal(10), pre_discount=Decimal(4))
    with pytest.raises(InvalidInput):
        check_discounts([paid("6.01", off=True)], total=Decimal(10), pre_discount=Decimal(4))


def test_only_payments_that_count_as_discounts_lower_the_total() -> None:
    assert discount_by_payments([paid(3, off=True), paid(4), paid(2, off=True)]) == 5


def test_what_a_payment_from_a_card_is_called() -> None:
    assert {each: card_payment_type(each) for each in BalanceType} == {
        BalanceType.CURRENCY: "Giftcard",
        BalanceType.CUSTOM: "Loyaltycard",
        BalanceType.POINTS: "Loyaltycard",
        BalanceType.PUNCHES: "Loyaltycard",
    }
