"""Setting up the brand's own fields."""

import pytest
from django.core.management import CommandError, call_command

from apps.brands.operations.insert_row import AlreadyExists
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.kernel.errors import InvalidInput
from tests.shop import Shop


def test_a_field_keeps_its_choices_in_their_one_text(acme: Shop) -> None:
    field = create_demographic_field(
        brand=acme.brand, code="size", name="Size", data_type="decimal", is_multiple=True, choices=["38.50", "39"]
    )
    field.refresh_from_db()
    assert (field.data_type, field.is_multiple, field.choices) == ("decimal", True, ["38.5", "39"])


def test_a_code_is_used_once_in_a_brand(acme: Shop, charlie: Shop) -> None:
    create_demographic_field(brand=acme.brand, code="tier", name="Tier", data_type="string")
    create_demographic_field(brand=charlie.brand, code="tier", name="Tier", data_type="string")
    with pytest.raises(AlreadyExists):
        create_demographic_field(brand=acme.brand, code="tier", name="Other", data_type="string")


@pytest.mark.parametrize("changes", [{"code": ""}, {"name": " "}, {"data_type": "text"}, {"choices": [""]}])
def test_fields_that_cannot_be_are_refused(acme: Shop, changes: dict[str, object]) -> None:
    facts: dict[str, object] = {"code": "tier", "name": "Tier", "data_type": "string"}
    with pytest.raises(InvalidInput):
        create_demographic_field(brand=acme.brand, **facts | changes)  # type: ignore[arg-type]


def test_the_command_makes_a_field_that_clients_can_set(acme: Shop) -> None:
    brand = f"--brand={acme.brand.code}"
    call_command("create_demographic_field", brand, "--code=size", "--name=Size", "--type=string", "--choice=M")
    body = {"cardNumber": acme.card(), "brandDemographics": [{"fieldName": "size", "value": "M"}]}
    acme.ok("updateAccount", body)


@pytest.mark.parametrize("wrong", ["--brand=nobody", "--code=", "--name="])
def test_the_command_says_what_is_wrong(acme: Shop, wrong: str) -> None:
    given = [f"--brand={acme.brand.code}", "--code=size", "--name=Size", "--type=string", wrong]
    with pytest.raises(CommandError):
        call_command("create_demographic_field", *given)
