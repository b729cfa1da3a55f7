"""How customers are scored."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.facts.core.score import (
    INACTIVE,
    InvalidTerms,
    Terms,
    Weights,
    check_terms,
    default_labels,
    label_of,
    quintile,
    total,
)

PART = st.decimals(min_value=1, max_value=5, places=3)
WEIGHT = st.decimals(min_value=0, max_value=1000, places=3)
WEIGHTS = st.builds(Weights, WEIGHT, WEIGHT, WEIGHT).filter(lambda weights: weights.sum > 0)


def test_five_customers_have_the_five_quintiles() -> None:
    assert [quintile(2 * rank, 5) for rank in range(1, 6)] == [1, 2, 3, 4, 5]
    assert str(quintile(2, 5)) == "1.000"


def test_between_them_ranks_are_interpolated_with_three_decimals() -> None:
    assert [quintile(2 * rank, 7) for rank in (1, 2, 4, 7)] == [1, Decimal("1.667"), 3, 5]


def test_equals_share_the_mean_of_their_ranks() -> None:
    assert quintile(1 + 6, 6) == 3
    assert quintile(5, 5) == Decimal("2.5")


@pytest.mark.parametrize(
    ("parts", "weights", "expected"),
    [
        ((5, 5, 5), Weights(), 100),
        ((3, 3, 3), Weights(), 50),
        ((1, 1, 1), Weights(), 1),
        ((5, 1, 1), Weights(), 33),
        ((5, 1, 1), Weights(Decimal(2), Decimal(1), Decimal(1)), 50),
        ((5, 1, 1), Weights(Decimal(0), Decimal(1), Decimal(0)), 1),
    ],
)
def test_the_total_is_the_weighted_mean_from_1_to_100(parts: Any, weights: Weights, expected: int) -> None:
    assert total(*(Decimal(part) for part in parts), weights) == expected


@given(PART, PART, PART, WEIGHTS)
def test_every_total_of_a_buyer_has_a_label(recency: Decimal, frequency: Decimal, money: Decimal, w: Weights) -> None:
    found = total(recency, frequency, money, w)
    assert 1 <= found <= 100
    assert label_of(found, default_labels()) in dict(default_labels()).values()


@given(PART, PART, PART, WEIGHTS, st.decimals(min_value=0, max_value=1, places=3))
def test_who_is_better_in_one_part_is_never_worse(
    a: Decimal, b: Decimal, c: Decimal, w: Weights, more: Decimal
) -> None:
    assert total(min(a + more, Decimal(5)), b, c, w) >= total(a, b, c, w)


@given(st.lists(st.integers(0, 20), min_size=5, max_size=60))
def test_order_is_kept_and_the_mean_is_3(values: list[int]) -> None:
    ranks = [2 * (1 + sum(x < value for x in values)) + values.count(value) - 1 for value in values]
    parts = [quintile(rank, len(values)) for rank in ranks]
    assert all(1 <= part <= 5 for part in parts)
    assert sorted(zip(values, parts, strict=True)) == sorted(zip(sorted(values), sorted(parts), strict=True))
    assert abs(sum(parts) / len(parts) - 3) <= Decimal("0.0005")


def test_labels_by_range() -> None:
    names = ["Occasional", "Regular", "Loyal", "Top"]
    assert [label_of(end, default_labels()) for end in (0, 1, 25, 26, 50, 51, 75, 76, 100)] == [
        INACTIVE,
        *(name for name, times in zip(names, (2, 2, 2, 2), strict=True) for _ in range(times)),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": Weights(Decimal(-1))},
        {"weights": Weights(Decimal("1.0001"))},
        {"weights": Weights(Decimal(0), Decimal(0), Decimal(0))},
        {"weights": Weights(Decimal(1001))},
        {"window_days": 0},
        {"window_days": 3651},
        {"labels": []},
        {"labels": [(50, "Low")]},
        {"labels": [(100, "All"), (50, "Low")]},
        {"labels": [(0, "None"), (100, "All")]},
        {"labels": [(50, "Low"), (50, "Same"), (100, "All")]},
        {"labels": [(100, " ")]},
        {"labels": [(100, "x" * 65)]},
    ],
)
def test_terms_that_cannot_be_used(wrong: dict[str, Any]) -> None:
    check_terms(Terms())
    with pytest.raises(InvalidTerms):
        check_terms(replace(Terms(), **wrong))
