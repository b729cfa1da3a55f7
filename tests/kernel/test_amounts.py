"""Amounts: nothing rounds silently."""

from decimal import Decimal

import pytest

from apps.kernel.amounts import LARGEST, at_scale, fits, unit
from apps.kernel.currencies import currency_scale


@pytest.mark.parametrize(
    ("amount", "scale", "expected"),
    [
        ("1", 0, True),
        ("1.0", 0, True),
        ("1.000000000000", 0, True),
        ("1.5", 0, False),
        ("-0.01", 2, True),
        ("0.001", 2, False),
        ("0.0000001", 6, False),
        ("1E+3", 0, True),
        (str(LARGEST), 6, True),
        ("1000000000000", 6, False),
        ("-1000000000000", 0, False),
    ],
)
def test_fits_tells_decimals_and_size(amount: str, scale: int, expected: bool) -> None:
    assert fits(Decimal(amount), scale) is expected


@pytest.mark.parametrize(
    ("amount", "scale", "text"),
    [("10", 2, "10.00"), ("1E+3", 0, "1000"), ("0", 2, "0.00"), ("0.005", 2, "0.01"), ("-0.005", 2, "-0.01")],
)
def test_at_scale_writes_the_digits_half_up(amount: str, scale: int, text: str) -> None:
    assert str(at_scale(Decimal(amount), scale)) == text


def test_the_unit_of_a_scale() -> None:
    assert [str(unit(scale)) for scale in range(4)] == ["1", "0.1", "0.01", "0.001"]


def test_currencies_have_the_decimals_of_the_standard() -> None:
    assert [currency_scale(code) for code in ("USD", "JPY", "KWD", "XXX")] == [2, 0, 3, 2]
