"""Create an employee."""

from django.conf import settings
from django.db import transaction

from apps.brands.core.codes import check_code, check_name
from apps.brands.core.secrets import digest
from apps.brands.models import Brand, Employee, Location
from apps.brands.operations.insert_row import insert_row
from apps.brands.operations.publish_config import publish_config


def create_employee(*, brand: Brand, location: Location, code: str, name: str, password: str | None = None) -> Employee:
    """Insert the employee and publish it. Without a password only the code is asked for at the till."""
    check_code(code)
    check_name(name)
    stored = digest(password, pepper=settings.API_PEPPER) if password else None
    with transaction.atomic():
        employee = insert_row(
            row=Employee(brand=brand, location=location, code=code, name=name, secret_digest=stored),
            duplicate=f"{location.name} has an employee {code!r} already.",
        )
        publish_config(brand_id=brand.pk)
    return employee
