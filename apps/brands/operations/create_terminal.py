"""Create a terminal."""

from django.db import transaction

from apps.brands.core.codes import check_code, check_name
from apps.brands.models import Brand, Location, Terminal
from apps.brands.operations.insert_row import insert_row
from apps.brands.operations.publish_config import publish_config


def create_terminal(*, brand: Brand, location: Location, code: str, name: str) -> Terminal:
    """Insert the terminal and publish it."""
    check_code(code)
    check_name(name)
    with transaction.atomic():
        terminal = insert_row(
            row=Terminal(brand=brand, location=location, code=code, name=name),
            duplicate=f"{location.name} has a terminal {code!r} already.",
        )
        publish_config(brand_id=brand.pk)
    return terminal
