"""Programs, value types, card sets."""

from decimal import Decimal

import pytest

from apps.kernel.errors import InvalidInput
from apps.programs.models import Program, ValueType
from apps.programs.operations.create_card_set import create_card_set
from apps.programs.operations.create_program import create_program
from apps.programs.operations.create_value_type import create_value_type
from tests.portal.acme import Acme, make_acme


@pytest.fixture
def acme() -> Acme:
    return make_acme()


@pytest.fixture
def program(acme: Acme) -> Program:
    return create_program(brand=acme.brand, code="gift", name="Gift", type="gift")


def create(program: Program, **facts: object) -> ValueType:
    usual = {"balance_type": "Currency", "balance_code": "USD", "scale": 2}
    return create_value_type(brand=program.brand, program=program, **(usual | facts))


@pytest.mark.parametrize(
    "facts",
    [
        {"balance_type": "Gold"},
        {"balance_code": ""},
        {"balance_code": "usd"},
        {"balance_type": "Custom", "balance_code": "a b"},
        {"balance_type": "Points"},
        {"scale": 7},
        {"scale": -1},
        {"maximum": Decimal("-1")},
        {"maximum": Decimal("0.001")},
        {"maximum": Decimal("NaN")},
        {"issue_minimum": Decimal(2), "issue_maximum": Decimal(1)},
        {"redeem_minimum": Decimal(2), "redeem_maximum": Decimal(1)},
    ],
)
def test_impossible_value_type_is_refused(program: Program, facts: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        create(program, **facts)
    assert not ValueType.objects.filter(brand=program.brand).exists()


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"balance_type": "Custom", "balance_code": "cashback"},
        {"balance_type": "Points", "balance_code": "", "scale": 0},
        {"maximum": Decimal("500.00"), "issue_minimum": Decimal(5), "issue_maximum": Decimal(5)},
    ],
)
def test_possible_value_type_is_made(program: Program, facts: dict[str, object]) -> None:
    assert create(program, **facts).pk


def test_kind_is_unique_in_the_program(program: Program) -> None:
    create(program)
    with pytest.raises(InvalidInput, match="Currency USD"):
        create(program)


def test_card_set_belongs_to_a_program_of_the_brand(program: Program) -> None:
    with pytest.raises(InvalidInput, match="outside of the brand"):
        create_card_set(brand=make_acme().brand, program=program, code="x", name="X")
    assert create_card_set(brand=program.brand, program=program, code="x", name="X").pk


def test_type_of_a_program_is_one_of_three(acme: Acme) -> None:
    with pytest.raises(InvalidInput, match="gift, loyalty, combo"):
        create_program(brand=acme.brand, code="x", name="X", type="bonus")
