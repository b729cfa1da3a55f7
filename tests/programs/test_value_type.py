"""Value types and their bounds, without a database."""

from decimal import Decimal
from typing import Any

import pytest

from apps.kernel.errors import InvalidInput
from apps.kernel.value_types import BalanceType
from apps.programs.core.configuration import BalanceNotFound, Program
from apps.programs.core.value_type import BalanceLimitsExceeded, ValueType


def value_type(**facts: Any) -> ValueType:
    known = {
        "id": 1,
        "program_id": 1,
        "balance_type": BalanceType.CURRENCY,
        "balance_code": "USD",
        "code_display": "",
        "scale": 2,
        "show_in_terminal": True,
        "maximum": None,
        "issue_minimum": None,
        "issue_maximum": None,
        "redeem_minimum": None,
        "redeem_maximum": None,
    }
    return ValueType(**known | facts)


def test_without_bounds_everything_goes() -> None:
    value_type().check_issue(Decimal("0.01"), present=Decimal(10**11))
    value_type().check_redeem(Decimal(10**11))


@pytest.mark.parametrize(("amount", "passes"), [("4.99", False), ("5", True), ("50", True), ("50.01", False)])
def test_bounds_are_included(amount: str, passes: bool) -> None:
    bounds = dict.fromkeys(("issue_minimum", "redeem_minimum"), Decimal(5))
    bounds |= dict.fromkeys(("issue_maximum", "redeem_maximum"), Decimal(50))
    for check in (
        lambda each: each.check_issue(Decimal(amount), present=Decimal(0)),
        lambda each: each.check_redeem(Decimal(amount)),
    ):
        if passes:
            check(value_type(**bounds))
        else:
            with pytest.raises(BalanceLimitsExceeded):
                check(value_type(**bounds))


def test_the_maximum_counts_what_is_there() -> None:
    limited = value_type(maximum=Decimal(100))
    limited.check_issue(Decimal(40), present=Decimal(60))
    with pytest.raises(BalanceLimitsExceeded, match="100 Currency USD"):
        limited.check_issue(Decimal("40.01"), present=Decimal(60))


def test_more_decimals_than_the_scale_are_refused() -> None:
    value_type().check_scale(Decimal("1.5000"))
    with pytest.raises(InvalidInput):
        value_type().check_scale(Decimal("1.005"))


PROGRAM = Program(
    1,
    "gift",
    "gift",
    True,
    (value_type(), value_type(id=2, balance_type=BalanceType.POINTS, balance_code="", scale=0)),
)


def test_a_value_type_is_found_by_type_and_code() -> None:
    assert PROGRAM.value_type(BalanceType.CURRENCY, "USD").id == 1
    assert PROGRAM.value_type(BalanceType.POINTS, None).id == 2
    assert PROGRAM.value_type(BalanceType.POINTS, "USD").id == 2


@pytest.mark.parametrize(
    ("balance_type", "code"),
    [
        (BalanceType.CURRENCY, None),
        (BalanceType.CURRENCY, ""),
        (BalanceType.CURRENCY, "EUR"),
        (BalanceType.CUSTOM, "USD"),
        (BalanceType.PUNCHES, None),
    ],
)
def test_what_the_program_lacks_is_not_found(balance_type: BalanceType, code: str | None) -> None:
    with pytest.raises(BalanceNotFound):
        PROGRAM.value_type(balance_type, code)
