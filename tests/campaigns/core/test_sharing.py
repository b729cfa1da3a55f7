"""Left-over smallest units go to the largest remainders."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from apps.campaigns.core.sharing import Portion, shared

CENT = Decimal("0.01")
D = Decimal


def test_the_largest_remainder_comes_first_and_of_equal_ones_the_earlier() -> None:
    portions = [Portion(2, D("0.333"), D(1)), Portion(1, D("0.338"), D(1)), Portion(1, D("0.333"), D(1))]
    assert shared(D("1.33"), portions, CENT) == [(D("0.33"), 0), (D("0.33"), 1), (D("0.33"), 0)]
    assert shared(D("1.34"), portions, CENT) == [(D("0.33"), 1), (D("0.33"), 1), (D("0.33"), 0)]


def test_no_unit_gets_more_than_its_limit() -> None:
    portions = [Portion(1, D("0.005"), D(0)), Portion(1, D("0.004"), D(1))]
    assert shared(D("0.01"), portions, CENT) == [(D(0), 0), (D(0), 1)]


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 999)), min_size=1, max_size=6), st.integers(0, 100))
def test_everything_is_shared_and_nobody_is_a_whole_unit_off(units, percent) -> None:
    portions = [Portion(count, D(price) * percent / 10_000, D(price) / 100) for count, price in units]
    amount = sum(portion.exact * portion.units for portion in portions).quantize(CENT, rounding="ROUND_FLOOR")
    shares = shared(amount, portions, CENT)
    assert sum(share.each * p.units + CENT * share.more for share, p in zip(shares, portions, strict=True)) == amount
    for share, portion in zip(shares, portions, strict=True):
        assert portion.exact - CENT < share.each <= portion.exact and 0 <= share.more <= portion.units
