"""Create a location."""

from django.db import transaction

from apps.brands.core.codes import check_code, check_country, check_currency, check_name, check_timezone
from apps.brands.models import Brand, Location, LocationGroup
from apps.brands.operations.insert_row import insert_row
from apps.brands.operations.publish_config import publish_config


def create_location(
    *,
    brand: Brand,
    group: LocationGroup,
    code: str,
    name: str,
    country: str = "",
    currency: str = "",
    timezone: str = "",
) -> Location:
    """Insert the location and publish it. Empty country, currency and time zone are those of the brand."""
    check_code(code)
    check_name(name)
    if country:
        check_country(country)
    if currency:
        check_currency(currency)
    if timezone:
        check_timezone(timezone)
    location = Location(
        brand=brand, group=group, code=code, name=name, country=country, currency=currency, timezone=timezone
    )
    with transaction.atomic():
        insert_row(row=location, duplicate=f"There is a location {code!r} already.")
        publish_config(brand_id=brand.pk)
    return location
