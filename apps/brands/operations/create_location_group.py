"""Create a location group."""

from django.db import transaction

from apps.brands.core.codes import check_code, check_name
from apps.brands.models import Brand, LocationGroup
from apps.brands.operations.insert_row import insert_row
from apps.brands.operations.publish_config import publish_config


def create_location_group(*, brand: Brand, code: str, name: str) -> LocationGroup:
    """Insert the group and publish it."""
    check_code(code)
    check_name(name)
    with transaction.atomic():
        group = insert_row(
            row=LocationGroup(brand=brand, code=code, name=name),
            duplicate=f"There is a location group {code!r} already.",
        )
        publish_config(brand_id=brand.pk)
    return group
