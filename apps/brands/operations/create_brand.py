"""Create a brand."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from apps.brands.core.codes import check_code, check_country, check_currency, check_name, check_timezone
from apps.brands.models import Brand, Clock, default_features
from apps.brands.operations.insert_row import insert_row


def create_brand(
    *,
    code: str,
    name: str,
    now: datetime,
    country: str = "US",
    currency: str = "USD",
    timezone: str = "UTC",
    api_version: int = 2,
    features: Sequence[str] | None = None,
    cors_enabled: bool = True,
    employee_required: bool = False,
    repeated_allocation_allowed: bool = False,
    void_takes_what_is_free: bool = False,
    hold_lifetime: timedelta | None = None,
    calls_per_minute: int | None = None,
    search_program_types: Sequence[str] = (),
) -> Brand:
    """Insert the brand and its clock row. `features` names the brand features that are on; None: the usual ones."""
    check_code(code)
    check_name(name)
    check_country(country)
    check_currency(currency)
    check_timezone(timezone)
    brand = Brand(
        code=code,
        name=name,
        country=country,
        currency=currency,
        timezone=timezone,
        api_version=api_version,
        features=default_features() if features is None else list(features),
        cors_enabled=cors_enabled,
        employee_required=employee_required,
        repeated_allocation_allowed=repeated_allocation_allowed,
        void_takes_what_is_free=void_takes_what_is_free,
        hold_lifetime=hold_lifetime,
        calls_per_minute=calls_per_minute,
        search_program_types=list(search_program_types),
        created_at=now,
    )
    with transaction.atomic():
        insert_row(row=brand, duplicate=f"There is a brand {code!r} already.")
        Clock.objects.create(brand=brand)
    return brand
