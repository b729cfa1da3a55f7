"""Baskets and what is taken off them."""

import pytest

from apps.campaigns.core.conditions import Items
from apps.campaigns.core.kinds import Trigger
from apps.campaigns.core.results import DiscountKind, TargetKind
from tests.campaigns.cases import HATS, D, basket, call, discounts, line, off, percent, rule, run

T, K = TargetKind, DiscountKind
THREE = basket(line("a", 3, "0.33", "hats"))
FIVE_HATS = basket(line("cap", 3, 20, "hats"), line("fez", 2, 10, "hats"), line("tie", 4, 15))
MIXED = basket(line("a", 1, 30, "hats"), line("b", 2, 20, "hats"), line("c", 1, 10, "hats"))


def given(bought, *results):
    return discounts(run(call(bought), rule(*results)))


@pytest.mark.parametrize(
    ("bought", "result", "expected"),
    [
        (basket(total=80), percent(10), "8.00"),
        (basket(total="0.45"), percent(10), "0.05"),
        (basket(total="0.44"), percent(10), "0.04"),
        (basket(total="0.35"), percent(50), "0.18"),
        (basket(total=80), off(15), "15.00"),
        (basket(total=80), off(15, take=K.SHARED_AMOUNT), "15.00"),
        (basket(total=80), off(100), "80.00"),
        (basket(total=80), off(25, take=K.PRICE), "55.00"),
        (basket(total=80), percent(50, cap=D("12.345")), "12.34"),
        (basket(total=80, seen=D(5)), off(15), "5.00"),
        (basket(total="1.999", seen=D("1.999")), percent(100), "1.99"),
    ],
)
def test_the_total(bought, result, expected) -> None:
    assert given(bought, result) == [(None, expected, None, None)]


@pytest.mark.parametrize("result", [off(90, take=K.PRICE), off(90, T.ITEMS, take=K.PRICE), percent(5, T.ITEMS, HATS)])
def test_a_discount_of_nothing_is_left_out(result) -> None:
    assert given(basket(line("tie", 1, 80)), result) == []


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (percent(50, T.ITEMS, HATS), [("cap", "30.00", "3", "10.00"), ("fez", "10.00", "2", "5.00")]),
        (percent(50, T.EVERY_NTH, HATS, n=2), [("cap", "10.00", "1", "10.00"), ("fez", "5.00", "1", "5.00")]),
        (percent(50, T.EVERY_NTH, HATS, n=3), [("cap", "10.00", "1", "10.00")]),
        (percent(50, T.NTH, HATS, n=4), [("fez", "5.00", "1", "5.00")]),
        (percent(50, T.NTH, HATS, n=6), []),
        (percent(50, T.CHEAPEST, HATS), [("fez", "5.00", "1", "5.00")]),
        (percent(50, T.CHEAPEST, HATS, n=3), [("cap", "10.00", "1", "10.00"), ("fez", "10.00", "2", "5.00")]),
        (percent(50, T.MOST_EXPENSIVE, HATS, n=2), [("cap", "20.00", "2", "10.00")]),
        (off(3, T.ITEMS, HATS), [("cap", "9.00", "3", "3.00"), ("fez", "6.00", "2", "3.00")]),
        (off(12, T.ITEMS, HATS), [("cap", "36.00", "3", "12.00"), ("fez", "20.00", "2", "10.00")]),
        (off(12, T.ITEMS, HATS, take=K.PRICE), [("cap", "24.00", "3", "8.00")]),
        (off(8, T.ITEMS, HATS, take=K.SHARED_AMOUNT), [("cap", "6.00", "3", "2.00"), ("fez", "2.00", "2", "1.00")]),
        (off(99, T.NTH, HATS, take=K.SHARED_AMOUNT), [("cap", "20.00", "1", "20.00")]),
        (percent(50, T.ITEMS, HATS, cap=D(8)), [("cap", "6.00", "3", "2.00"), ("fez", "2.00", "2", "1.00")]),
        (percent(50, T.ITEMS, Items(skus=("tie",))), [("tie", "30.00", "4", "7.50")]),
    ],
)
def test_items(result, expected) -> None:
    assert given(FIVE_HATS, result) == expected


@pytest.mark.parametrize(
    ("bought", "result", "expected"),
    [
        (THREE, percent(10, T.ITEMS), [("a", "0.04", "1", "0.04"), ("a", "0.06", "2", "0.03")]),
        (THREE, off(1, T.ITEMS, take=K.SHARED_AMOUNT), [("a", "0.99", "3", "0.33")]),
        (THREE, off("0.5", T.ITEMS, take=K.SHARED_AMOUNT), [("a", "0.34", "2", "0.17"), ("a", "0.16", "1", "0.16")]),
        (basket(line("a", 2, 1), line("b", 1, 1)), off(1, T.ITEMS, take=K.SHARED_AMOUNT),
         [("a", "0.34", "1", "0.34"), ("a", "0.33", "1", "0.33"), ("b", "0.33", "1", "0.33")]),
        (basket(line("a", 1, "0.15"), line("b", 1, "0.24")), percent(10, T.ITEMS),
         [("a", "0.02", "1", "0.02"), ("b", "0.02", "1", "0.02")]),
        (basket(line("a", 1, "0.12"), line("b", 1, "0.15")), percent(10, T.ITEMS),
         [("a", "0.01", "1", "0.01"), ("b", "0.02", "1", "0.02")]),
    ],
)  # fmt: skip
def test_left_over_cents_go_to_the_largest_remainders(bought, result, expected) -> None:
    assert given(bought, result) == expected


@pytest.mark.parametrize(
    ("bought", "result", "expected"),
    [
        (basket(line("kg", "1.5", 10)), percent(10, T.ITEMS), [("kg", "1.50", "1.5", "1.00")]),
        (basket(line("kg", "0.123", 10)), percent(10, T.ITEMS), [("kg", "0.12", None, None)]),
        (basket(line("kg", "0.5", 10)), percent(5, T.ITEMS), [("kg", "0.25", "0.5", "0.50")]),
        (basket(line("kg", "2.5", 10)), percent(50, T.EVERY_NTH, n=2), [("kg", "5.00", "1", "5.00")]),
        (basket(line("kg", "0.5", 10)), percent(50, T.CHEAPEST), []),
        (basket(line("screw", 1000, "0.004")), percent(10, T.ITEMS), [("screw", "0.40", "1000", "0.0004")]),
        (basket(line("fuel", 3, "1.359")), percent(10, T.ITEMS),
         [("fuel", "0.28", "2", "0.14"), ("fuel", "0.13", "1", "0.13")]),
        (basket(line("fuel", 3, "1.359")), percent(100, T.ITEMS),
         [("fuel", "2.72", "2", "1.36"), ("fuel", "1.35", "1", "1.35")]),
    ],
)  # fmt: skip
def test_parts_of_units_and_prices_finer_than_the_currency(bought, result, expected) -> None:
    assert given(bought, result) == expected


def test_a_yen_has_no_parts() -> None:
    outcome = run(call(basket(line("a", 3, 100)), currency="JPY", currency_scale=0), rule(percent(25, T.ITEMS)))
    assert discounts(outcome) == [("a", "75", "3", "25")]
    outcome = run(call(basket(line("a", 3, 105)), currency="JPY", currency_scale=0), rule(percent(10, T.ITEMS)))
    assert discounts(outcome) == [("a", "22", "2", "11"), ("a", "10", "1", "10")]


def test_lines_of_the_same_sku_and_price_are_one_mutation() -> None:
    twice = basket(line("a", 1, 10), line("a", 2, 10), line("a", 1, 8))
    assert given(twice, percent(50, T.ITEMS)) == [("a", "15.00", "3", "5.00"), ("a", "4.00", "1", "4.00")]


# --- one after the other ---------------------------------------------------------------------------------------------


def test_discounts_of_the_total_follow_each_other() -> None:
    assert given(basket(total=100), percent(10), percent(10)) == [
        (None, "10.00", None, None),
        (None, "9.00", None, None),
    ]


def test_a_discount_of_items_lowers_the_total() -> None:
    assert given(MIXED, percent(50, T.ITEMS, HATS), percent(10))[-1] == (None, "4.00", None, None)


def test_a_discount_of_the_total_lowers_no_price() -> None:
    assert given(MIXED, percent(50), percent(10, T.NTH)) == [(None, "40.00", None, None), ("a", "3.00", "1", "3.00")]


def test_a_discount_of_items_is_bounded_by_what_is_left_of_the_total() -> None:
    assert given(MIXED, off(75), percent(100, T.ITEMS)) == [
        (None, "75.00", None, None),
        ("a", "1.88", "1", "1.88"),
        ("b", "2.50", "2", "1.25"),
        ("c", "0.62", "1", "0.62"),
    ]


def test_a_unit_is_never_given_away_twice() -> None:
    assert given(MIXED, percent(100, T.CHEAPEST), percent(100, T.CHEAPEST)) == [("c", "10.00", "1", "10.00")]


def test_a_second_discount_is_based_on_what_the_units_still_cost() -> None:
    bought = basket(line("a", 2, 10))
    assert given(bought, percent(50, T.NTH), percent(10, T.ITEMS)) == [
        ("a", "5.00", "1", "5.00"),
        ("a", "1.00", "1", "1.00"),
        ("a", "0.50", "1", "0.50"),
    ]


def test_of_equal_prices_units_that_cost_more_now_come_first() -> None:
    bought = basket(line("a", 2, 10))
    first, second = given(bought, percent(50, T.MOST_EXPENSIVE), percent(50, T.MOST_EXPENSIVE))
    assert first == second == ("a", "5.00", "1", "5.00")


def test_a_stated_total_bounds_discounts_of_lines() -> None:
    assert given(basket(line("a", 1, 50), total=20), percent(50, T.ITEMS)) == [("a", "20.00", "1", "20.00")]


def test_only_a_checkout_is_discounted() -> None:
    outcome = run(call(MIXED, trigger=Trigger.RETURN), rule(percent(10), trigger=Trigger.RETURN))
    assert outcome.effects == () and outcome.verdicts[0].skipped[0].reason == "Only a checkout can be discounted."


def test_no_card_is_needed() -> None:
    assert discounts(run(call(MIXED, card=None), rule(percent(10)))) == [(None, "8.00", None, None)]
