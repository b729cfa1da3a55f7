"""Brand Acme of the cast: two groups, three locations with a terminal each, and whoever logs in."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.test import Client

from apps.accounts.models import User
from apps.accounts.operations.create_user import create_user
from apps.brands.models import Brand, Location, LocationGroup, Terminal
from apps.brands.operations.create_brand import create_brand
from apps.brands.operations.create_location import create_location
from apps.brands.operations.create_location_group import create_location_group
from apps.brands.operations.create_terminal import create_terminal

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
OpenAs = Callable[[User], Client]


@dataclass(frozen=True, slots=True)
class Acme:
    """The brand in New York time. Downtown and uptown are of the group east, harbour is of west."""

    brand: Brand
    east: LocationGroup
    west: LocationGroup
    downtown: Location
    uptown: Location
    harbour: Location
    till: Terminal

    def login(self, name: str, *roles: str, **restriction: LocationGroup | Location) -> User:
        """A new user of the brand; the name is made unique."""
        username = f"{name}-{secrets.token_hex(4)}"
        return create_user(
            brand=self.brand,
            username=username,
            email=f"{username}@staff.example.com",
            password=PASSWORD,
            roles=roles,
            now=NOON,
            **restriction,
        )


def make_acme() -> Acme:
    """A brand of its own for each test, since nothing is rolled back."""
    brand = create_brand(code=f"acme-{secrets.token_hex(6)}", name="Acme", timezone="America/New_York", now=NOON)
    east = create_location_group(brand=brand, code="east", name="East")
    west = create_location_group(brand=brand, code="west", name="West")
    downtown = create_location(brand=brand, group=east, code="downtown", name="Downtown")
    return Acme(
        brand=brand,
        east=east,
        west=west,
        downtown=downtown,
        uptown=create_location(brand=brand, group=east, code="uptown", name="Uptown"),
        harbour=create_location(brand=brand, group=west, code="harbour", name="Harbour"),
        till=create_terminal(brand=brand, location=downtown, code="till-1", name="Till 1"),
    )
