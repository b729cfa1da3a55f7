"""The demo brand's hierarchy: three groups, eight locations, fifteen terminals, two programs; and its goods."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from apps.brands.models import Brand, Location
from apps.brands.operations.create_brand import create_brand
from apps.brands.operations.create_employee import create_employee
from apps.brands.operations.create_location import create_location
from apps.brands.operations.create_location_group import create_location_group
from apps.brands.operations.create_terminal import create_terminal
from apps.programs.operations.create_card_set import create_card_set
from apps.programs.operations.create_program import create_program
from apps.programs.operations.create_value_type import create_value_type
from apps.transactions.demo.goods import furnish
from apps.transactions.demo.places import CARD_SETS, GROUPS, TIMEZONE, Place

NAME = "Juniper & Rye"
FEATURES = ("activationDate", "pin", "prefixes", "createIfNew", "customRequestDate")


def demo_brand(*, code: str, now: datetime) -> tuple[Brand, bool]:
    """The demo brand, and whether it had to be made. All of it is there or nothing."""
    found = Brand.objects.filter(code=code).first()
    return (found, False) if found else (_make(code, now), True)


@transaction.atomic
def _make(code: str, now: datetime) -> Brand:
    brand = create_brand(code=code, name=NAME, now=now, timezone=TIMEZONE, features=FEATURES)
    for group_code, (group_name, places) in GROUPS.items():
        group = create_location_group(brand=brand, code=group_code, name=group_name)
        for place in places:
            location = create_location(brand=brand, group=group, code=place.code, name=place.name)
            _staff(brand, location, place)
    _gift_program(brand)
    _loyalty_program(brand)
    furnish(brand, now)
    return brand


def _staff(brand: Brand, location: Location, place: Place) -> None:
    for terminal in place.terminals:
        create_terminal(brand=brand, location=location, code=terminal, name=terminal.replace("-", " ").capitalize())
    for employee, name in place.employees.items():
        create_employee(brand=brand, location=location, code=employee, name=name)


def _gift_program(brand: Brand) -> None:
    gift = create_program(brand=brand, code="gift", name="Gift cards", type="gift")
    create_value_type(
        brand=brand,
        program=gift,
        balance_type="Currency",
        balance_code="USD",
        scale=2,
        maximum=Decimal(1000),
        issue_maximum=Decimal(500),
    )
    create_card_set(brand=brand, program=gift, code=CARD_SETS["gift"], name="Gift cards")


def _loyalty_program(brand: Brand) -> None:
    loyalty = create_program(brand=brand, code="loyalty", name="The Breakfast Club", type="loyalty")
    create_value_type(brand=brand, program=loyalty, balance_type="Points", scale=0)
    create_value_type(brand=brand, program=loyalty, balance_type="Punches", scale=0)
    create_value_type(
        brand=brand,
        program=loyalty,
        balance_type="Custom",
        balance_code="cashback",
        code_display="Cash back",
        scale=2,
    )
    create_card_set(brand=brand, program=loyalty, code=CARD_SETS["loyalty"], name="Breakfast Club cards")
