"""Create a field of the brand's own."""

from collections.abc import Sequence

from django.db import transaction

from apps.brands.core.codes import check_code, check_name
from apps.brands.models import Brand
from apps.brands.operations.insert_row import insert_row
from apps.customers.core.fields import check_field
from apps.customers.models import DemographicField


def create_demographic_field(
    *,
    brand: Brand,
    code: str,
    name: str,
    data_type: str,
    is_multiple: bool = False,
    choices: Sequence[str] = (),
) -> DemographicField:
    """Insert the field; `code` is what clients call it. `choices` are the values that it takes, written in any form of
    its type; none: any value. Nothing is published: fields are read with every call that names some."""
    check_code(code)
    check_name(name)
    allowed = check_field(data_type=data_type, choices=choices)
    row = DemographicField(
        brand=brand, code=code, name=name, data_type=data_type, is_multiple=is_multiple, choices=allowed
    )
    with transaction.atomic():
        return insert_row(row=row, duplicate=f"{brand.name} has a field {code!r} already.")
