"""Control totals add up and survive JSON."""

import json
from decimal import Decimal

from apps.jobs.core.figures import Figures, Totals


def test_sums_grow_by_group_and_name_and_are_listed_in_order() -> None:
    figures = Figures()
    figures.add("b", "y", Decimal("1.10"))
    figures.add("a", "z")
    figures.add("b", "y", Decimal("2.20"))

    assert list(figures) == [("a", "z", Decimal(1)), ("b", "y", Decimal("3.30"))]


def test_json_keeps_every_digit() -> None:
    figures = Figures()
    figures.add("a", "x", Decimal("999999999999.999999"))

    assert Figures.of(json.loads(json.dumps(figures.as_json()))) == figures


def test_sums_of_zero_make_no_difference() -> None:
    figures = Figures()
    figures.add("a", "x", Decimal("0.00"))

    assert figures == Figures()


def test_totals_are_added_part_by_part() -> None:
    one, other = Totals(), Totals()
    one.counted.add("a", "cards", 2)
    other.counted.add("a", "cards", 3)
    other.balances.add("a", "Points", Decimal(7))

    total = one + other

    assert total.as_json() == {"counted": {"a": {"cards": "5"}}, "balances": {"a": {"Points": "7"}}}
    assert one.as_json() == {"counted": {"a": {"cards": "2"}}, "balances": {}}
