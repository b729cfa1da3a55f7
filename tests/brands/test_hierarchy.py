"""Brand, location groups, locations, terminals, employees."""

import secrets

import pytest
from django.conf import settings
from django.db import DatabaseError

from apps.brands.core.secrets import matches
from apps.brands.models import BrandRow, Clock, Employee, Location, LocationGroup, Terminal
from apps.brands.operations.create_brand import create_brand
from apps.brands.operations.create_employee import create_employee
from apps.brands.operations.create_location import create_location
from apps.brands.operations.create_location_group import create_location_group
from apps.brands.operations.create_terminal import create_terminal
from apps.kernel.errors import InvalidInput
from apps.programs.models import CardSet, Program
from apps.programs.operations.create_card_set import create_card_set
from apps.programs.operations.create_program import create_program
from tests.portal.acme import NOON, Acme, make_acme


@pytest.fixture
def acme() -> Acme:
    return make_acme()


def test_new_brand_has_a_clock_and_the_usual_features(acme: Acme) -> None:
    assert Clock.objects.filter(brand=acme.brand).exists()
    assert acme.brand.features == ["activationDate"]


@pytest.mark.parametrize(
    "facts",
    [
        {"code": ""},
        {"code": " x"},
        {"code": "ä"},
        {"code": "x" * 65},
        {"name": " "},
        {"timezone": "Mars/Base"},
        {"timezone": "../etc"},
        {"country": "usa"},
        {"currency": "$"},
    ],
)
def test_impossible_brand_is_refused(facts: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        create_brand(**({"code": secrets.token_hex(8), "name": "Acme", "now": NOON} | facts))


def test_code_of_a_brand_is_unique(acme: Acme) -> None:
    with pytest.raises(InvalidInput, match="already"):
        create_brand(code=acme.brand.code, name="Acme", now=NOON)


def test_codes_are_unique_inside_a_brand_only(acme: Acme) -> None:
    other = make_acme()
    assert other.downtown.code == acme.downtown.code
    with pytest.raises(InvalidInput, match="already"):
        create_location(brand=acme.brand, group=acme.east, code="downtown", name="Again")
    with pytest.raises(InvalidInput, match="already"):
        create_location_group(brand=acme.brand, code="east", name="Again")


def test_codes_of_terminals_are_unique_inside_a_location_only(acme: Acme) -> None:
    create_terminal(brand=acme.brand, location=acme.uptown, code="till-1", name="Till")
    with pytest.raises(InvalidInput, match="already"):
        create_terminal(brand=acme.brand, location=acme.downtown, code="till-1", name="Till")


def test_nothing_can_hang_below_another_brand(acme: Acme) -> None:
    other = make_acme()
    with pytest.raises(InvalidInput, match="outside of the brand"):
        create_location(brand=acme.brand, group=other.east, code="x", name="X")
    with pytest.raises(InvalidInput, match="outside of the brand"):
        create_terminal(brand=acme.brand, location=other.downtown, code="x", name="X")
    assert not Location.objects.filter(brand=acme.brand, code="x").exists()


def test_every_change_is_published(acme: Acme) -> None:
    before = Clock.objects.get(brand=acme.brand).config
    create_location(brand=acme.brand, group=acme.east, code="x", name="X", timezone="Europe/Berlin")
    assert Clock.objects.get(brand=acme.brand).config == before + 1


def test_password_of_an_employee_is_kept_as_a_digest(acme: Acme) -> None:
    dan = create_employee(brand=acme.brand, location=acme.downtown, code="dan", name="Dan", password="4711")
    assert matches("4711", dan.secret_digest, pepper=settings.API_PEPPER)
    eve = create_employee(brand=acme.brand, location=acme.downtown, code="eve", name="Eve")
    assert eve.secret_digest is None


@pytest.mark.parametrize("model", [LocationGroup, Location, Terminal, Employee, Program, CardSet])
def test_code_never_changes(acme: Acme, model: type[BrandRow]) -> None:
    create_employee(brand=acme.brand, location=acme.downtown, code="dan", name="Dan")
    program = create_program(brand=acme.brand, code="gift", name="Gift", type="gift")
    create_card_set(brand=acme.brand, program=program, code="gift", name="Gift cards")
    row = model.objects.filter(brand=acme.brand).first()
    model.objects.filter(pk=row.pk).update(name="Another name")
    with pytest.raises(DatabaseError):
        model.objects.filter(pk=row.pk).update(code="another-code")
