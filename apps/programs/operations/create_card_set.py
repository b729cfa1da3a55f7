"""Create a card set."""

from django.db import transaction

from apps.brands.core.codes import check_code, check_name
from apps.brands.models import Brand
from apps.brands.operations.insert_row import insert_row
from apps.brands.operations.publish_config import publish_config
from apps.programs.models import CardSet, Program


def create_card_set(*, brand: Brand, program: Program, code: str, name: str) -> CardSet:
    """Insert the card set and publish it."""
    check_code(code)
    check_name(name)
    with transaction.atomic():
        card_set = insert_row(
            row=CardSet(brand=brand, program=program, code=code, name=name),
            duplicate=f"There is a card set {code!r} already.",
        )
        publish_config(brand_id=brand.pk)
    return card_set
