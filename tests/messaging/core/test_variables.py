"""Values of variables, and that the list in the documentation is the real one."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from apps.customers.core.customer import Demographics
from apps.messaging.core.kinds import WORDS, Reason
from apps.messaging.core.templates import check, render
from apps.messaging.core.variables import VARIABLES, Happening, amounts, customer_variables

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "messages.md").read_text()


def test_amounts_keep_the_digits_of_their_scale_and_add_up() -> None:
    rows = [("Currency", "USD", 2, Decimal("1.5")), ("Currency", "USD", 2, Decimal(1)), ("Points", "", 0, Decimal(700))]
    assert amounts(rows) == {"Currency:USD": "2.50", "Points": "700"}


def test_a_customer() -> None:
    found = customer_variables(Demographics(first_name="Ada", last_name="Lovelace", birthday=date(1990, 12, 10)))
    assert found == {"firstName": "Ada", "lastName": "Lovelace", "fullName": "Ada Lovelace", "birthday": "1990-12-10"}


def test_what_happened_is_found_by_its_names() -> None:
    happening = Happening(
        request_ref="r",
        transaction_date="2026-03-01 12:00",
        total="9.00",
        coupon_codes=["A", "B"],
        issued={"Points": "3"},
    )
    text = '{{requestRef}} {{checkoutTotal}} {{couponCode}} {{couponCodes}} {{issued balanceType="Points"}}{{currency}}'
    assert check(text) == ()
    assert render(text, happening.variables()) == "r 9.00 A A, B 3"
    assert "currency" not in happening.variables()


def test_every_name_that_is_made_can_be_asked_for() -> None:
    everything = Happening(
        **{
            name: "x" for name in Happening.__dataclass_fields__ if name not in ("coupon_codes", "issued", "key_values")
        },
        coupon_codes=["x"],
        issued={"Points": "1"},
        key_values={"a": "b"},
    )
    sources = {variable.source for variable in VARIABLES.values()}
    assert set(everything.variables()) <= sources


def test_the_documentation_lists_every_variable_and_every_reason() -> None:
    assert [name for name in VARIABLES if f"`{name}`" not in DOCUMENT] == []
    assert [each.value for each in Reason if f"`{each.value}`" not in DOCUMENT] == []
    assert set(WORDS) == set(Reason)
