"""The figures of a return, without a database."""

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from apps.checkouts.core.returned import (
    NOTHING_BACK,
    Back,
    Bought,
    Returned,
    ReturnedProduct,
    exceeds,
    is_full,
    prices_after_discounts,
    returned,
    share_of,
)
from apps.checkouts.core.totals import CheckoutLine
from apps.kernel.errors import InvalidInput

D = Decimal


def bought(
    *lines: tuple[str, Any, Any], total: Any = None, off: Any = 0, discounts: dict[str, Any] | None = None
) -> Bought:
    """Lines are SKU, quantity, unit price; `off` are all discounts together, `discounts` those of them on a SKU."""
    whole = D(total) if total is not None else sum((D(quantity) * D(price) for _, quantity, price in lines), D(0))
    return Bought(
        total=whole,
        spend=whole - D(off),
        lines=[CheckoutLine(sku, D(quantity), D(price)) for sku, quantity, price in lines],
        discounts={sku: D(amount) for sku, amount in (discounts or {}).items()},
    )


def back(
    of: Bought | None, *products: tuple[Any, ...], additional: Any = 0, before: Back = NOTHING_BACK, scale: int = 2
) -> Returned:
    """Products are SKU, quantity and (where the till says one) unit price."""
    goods = [ReturnedProduct(sku, D(quantity), D(price[0]) if price else None) for sku, quantity, *price in products]
    return returned(goods, additional=D(additional), scale=scale, bought=of, before=before)


def test_the_total_is_the_products_and_what_is_additional() -> None:
    assert back(None, ("HAT", 2, "1.255"), ("TIE", 1, 3), additional=5).total == D("10.51")


def test_a_product_without_price_counts_nothing_where_no_checkout_is_known() -> None:
    assert back(None, ("HAT", 2), additional=1).total == 1


@pytest.mark.parametrize(
    ("of", "prices"),
    [
        (bought(("HAT", 2, 10)), {"HAT": 20}),
        (bought(("HAT", 1, 10), ("TIE", 1, 30), off=8), {"HAT": 8, "TIE": 24}),
        (bought(("HAT", 1, 10), ("TIE", 1, 30), off=5, discounts={"HAT": 5}), {"HAT": 5, "TIE": 30}),
        (bought(("HAT", 1, 10), ("TIE", 1, 30), off=12, discounts={"HAT": 5}), {"HAT": 4, "TIE": 24}),
        (bought(("HAT", 1, 10), ("HAT", 1, 30)), {"HAT": 40}),
        (bought(("A", 1, 1), ("B", 1, 1), ("C", 1, 1), off=2), {"A": D("0.34"), "B": D("0.33"), "C": D("0.33")}),
        (bought(("HAT", 1, 10), total=20, off=10), {"HAT": 5}),
        (bought(("HAT", 1, 10), total=8), {"HAT": 8}),
        (bought(("HAT", 1, 10), total=0), {"HAT": 0}),
        (bought(("HAT", 1, 0)), {"HAT": 0}),
        (bought(total=10), {}),
    ],
)
def test_prices_after_discounts(of: Bought, prices: dict[str, Any]) -> None:
    assert prices_after_discounts(of, 2) == {sku: D(price) for sku, price in prices.items()}


@pytest.mark.parametrize("seed", range(40))
def test_prices_of_all_goods_are_the_whole_spend(seed: int) -> None:
    random = Random(seed)
    lines = [(random.choice("ABCD"), random.randint(1, 3), D(random.randint(1, 999)) / 100) for _ in range(4)]
    whole = sum(quantity * price for _, quantity, price in lines)
    of = bought(*lines, off=min(whole, D(random.randint(0, 500)) / 100))
    assert sum(prices_after_discounts(of, 2).values()) == of.spend


def test_units_without_price_come_to_exactly_what_was_paid_one_by_one() -> None:
    of, before = bought(("HAT", 3, 10), off=20), NOTHING_BACK
    totals = []
    for _ in range(3):
        one = back(of, ("HAT", 1), before=before)
        assert not exceeds(of, before, one)
        before = one.after(before)
        totals.append(one.total)
    assert totals == [D("3.33"), D("3.34"), D("3.33")]


def test_a_product_that_was_not_bought_has_no_price() -> None:
    assert back(bought(("HAT", 1, 10)), ("TIE", 1)).total == 0


def test_a_price_that_is_said_counts_as_it_is_said_be_it_nothing() -> None:
    assert back(bought(("HAT", 1, 10)), ("HAT", 1, 0)).total == 0


@pytest.mark.parametrize(
    ("products", "additional", "over"),
    [
        ([("HAT", 2, 10)], 0, False),
        ([("HAT", 1, 21)], 0, True),
        ([("HAT", 3, 1)], 0, True),
        ([("HAT", 1, 1), ("HAT", 2, 1)], 0, True),
        ([("TIE", 1, 1)], 0, True),
        ([("TIE", 0, 1)], 0, False),
        ([], 20, False),
        ([], "20.01", True),
    ],
)
def test_the_ceiling(products: list[tuple[Any, ...]], additional: Any, over: bool) -> None:
    of = bought(("HAT", 2, 10))
    assert exceeds(of, NOTHING_BACK, back(of, *products, additional=additional)) is over


def test_the_ceiling_counts_what_came_back_before() -> None:
    of, before = bought(("HAT", 2, 10)), Back(value=D(15), quantities={"HAT": D(1)})
    assert not exceeds(of, before, back(of, ("HAT", 1, 5)))
    assert exceeds(of, before, back(of, ("HAT", 1, 6)))
    assert exceeds(of, before, back(of, ("HAT", 2, 1)))


def test_a_return_of_nothing_is_not_too_much_even_after_too_much() -> None:
    of, before = bought(("HAT", 2, 10)), Back(value=D(25), quantities={"HAT": D(9)})
    assert not exceeds(of, before, back(of))


@pytest.mark.parametrize(
    ("of", "after", "full"),
    [
        (bought(("HAT", 2, 10)), Back(value=D(20)), True),
        (bought(("HAT", 2, 10)), Back(value=D(19), quantities={"HAT": D(1)}), False),
        (bought(("HAT", 2, 10)), Back(value=D(1), quantities={"HAT": D(2)}), True),
        (bought(("HAT", 2, 10), ("TIE", 1, 1)), Back(quantities={"HAT": D(2)}), False),
        (bought(("HAT", 2, 10), off=20), Back(), False),
        (bought(("HAT", 2, 10), off=20), Back(quantities={"HAT": D(2)}), True),
        (bought(total=0), Back(), True),
        (bought(total=10), Back(), False),
        (bought(("HAT", 0, 10), total=10), Back(), False),
    ],
)
def test_full_is_all_value_or_all_quantities(of: Bought, after: Back, full: bool) -> None:
    assert is_full(of, after) is full


def test_the_share_is_the_value_that_came_back_and_all_of_it_for_a_full_return() -> None:
    of = bought(("HAT", 3, 10))
    assert share_of(of, Back(value=D(10))) == Fraction(1, 3)
    assert share_of(of, Back(value=D(1), quantities={"HAT": D(3)})) == 1
    assert share_of(of, Back(value=D(99))) == 1
    assert share_of(bought(("HAT", 1, 5), off=5), Back(value=D(3))) == 0


@pytest.mark.parametrize(
    ("products", "additional"),
    [
        ([("", 1, 1)], 0),
        ([("HAT", -1, 1)], 0),
        ([("HAT", 1, -1)], 0),
        ([("HAT", "0.0000001", 1)], 0),
        ([("HAT", 1, "0.0000001")], 0),
        ([("HAT", 10_000, 1_001)], 0),
        ([("HAT", "999999999999", "999999999999")], 0),
        ([], -1),
        ([], "0.0000001"),
        ([], 10_000_001),
    ],
)
def test_impossible_figures(products: list[tuple[Any, ...]], additional: Any) -> None:
    with pytest.raises(InvalidInput):
        back(None, *products, additional=additional)
