"""Converting amounts: exact, half-up, and what can be redeemed never overdraws."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.amounts import LARGEST, unit
from apps.kernel.currencies import currency_scale, is_currency
from apps.programs.core.conversion import (
    InvalidRate,
    check_pair,
    check_rate,
    convert,
    cross_rates,
    inverse,
    redeemable,
)

SCALES = st.integers(0, 6)
RATES = st.decimals("0.000000000001", "999999999999", places=12) | st.decimals("0.5", "2", places=4)


def amounts(scale: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(0, LARGEST, places=scale) | st.decimals(0, 500, places=scale)


@pytest.mark.parametrize(
    ("amount", "rate", "scale", "expected"),
    [
        ("10", "1.087", 2, "10.87"),
        ("10", "1.0875", 2, "10.88"),
        ("0.01", "0.5", 2, "0.01"),
        ("0.01", "0.499999999999", 2, "0.00"),
        ("1000", "0.0061", 0, "6"),
        ("999999999999.99", "999999999999.999999999999", 6, "999999999999989999999999.000000"),
    ],
)
def test_amounts_are_converted_half_up(amount: str, rate: str, scale: int, expected: str) -> None:
    assert str(convert(Decimal(amount), Decimal(rate), scale)) == expected


@given(data=st.data(), scale=SCALES, balance_scale=SCALES, rate=RATES)
def test_what_is_redeemable_never_overdraws(data: st.DataObject, scale: int, balance_scale: int, rate: Decimal) -> None:
    balance = data.draw(amounts(balance_scale))
    amount = redeemable(balance, rate, scale=scale, balance_scale=balance_scale)
    assert 0 <= amount <= LARGEST
    assert amount.as_tuple().exponent == -scale
    assert convert(amount, rate, balance_scale) <= balance


@given(data=st.data(), scale=SCALES, balance_scale=SCALES, rate=RATES)
def test_one_unit_more_would_overdraw_or_be_too_large(
    data: st.DataObject, scale: int, balance_scale: int, rate: Decimal
) -> None:
    balance = data.draw(amounts(balance_scale))
    more = redeemable(balance, rate, scale=scale, balance_scale=balance_scale) + unit(scale)
    assert convert(more, rate, balance_scale) > balance or more > LARGEST


@pytest.mark.parametrize(
    ("balance", "rate", "scale", "balance_scale", "expected"),
    [
        ("100.00", "1.087", 2, 2, "92.00"),  # 92.00 EUR make 100.004 USD, which is 100.00
        ("100.00", "0.0068", 0, 2, "14706"),  # yen have no decimals
        ("0.01", "500", 2, 2, "0.00"),
        ("0.00", "1.087", 2, 2, "0.00"),
    ],
)
def test_examples_of_what_is_redeemable(balance: str, rate: str, scale: int, balance_scale: int, expected: str) -> None:
    found = redeemable(Decimal(balance), Decimal(rate), scale=scale, balance_scale=balance_scale)
    assert str(found) == expected


@given(worth=st.dictionaries(st.sampled_from(["EUR", "USD", "GBP", "JPY"]), st.decimals("0.01", 300, places=4)))
def test_cross_rates_are_quotients_of_all_ordered_pairs(worth: dict[str, Decimal]) -> None:
    rates = cross_rates(worth)
    assert len(rates) == len(worth) * (len(worth) - 1)
    for (base, quote), rate in rates.items():
        exact = Fraction(worth[quote]) / Fraction(worth[base])
        assert abs(Fraction(rate) - exact) * 2 <= Fraction(1, 10**12)
        check_rate(rate)


def test_a_rate_and_its_inverse_at_twelve_decimals() -> None:
    assert inverse(Decimal(3)) == Decimal("0.333333333333")
    assert inverse(Decimal("0.8")) == Decimal("1.25")


def test_rates_in_the_middle_go_to_the_even_one_and_those_that_vanish_are_left_out() -> None:
    worth = {"EUR": Decimal(1), "USD": Decimal("0.0000000000015"), "GBP": Decimal("0.0000000000005")}
    rates = cross_rates(worth)
    assert rates["EUR", "USD"] == Decimal("0.000000000002")
    assert ("EUR", "GBP") not in rates


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity", "1e12", "0.0000000000001", "1.0000000000001"])
def test_impossible_rates_are_refused(rate: str) -> None:
    with pytest.raises(InvalidRate):
        check_rate(Decimal(rate))


@pytest.mark.parametrize(
    ("base", "quote"), [("USD", "USD"), ("USD", "XXX"), ("usd", "EUR"), ("", "EUR"), ("US", "EUR")]
)
def test_impossible_pairs_are_refused(base: str, quote: str) -> None:
    with pytest.raises(InvalidRate):
        check_pair(base, quote)


def test_every_currency_with_unusual_decimals_is_known() -> None:
    assert all(is_currency(code) for code in ("USD", "JPY", "KWD", "HRK"))
    assert (currency_scale("USD"), currency_scale("JPY"), currency_scale("KWD")) == (2, 0, 3)
    assert not any(is_currency(code) for code in ("usd", "XXX", "", "EURO"))
