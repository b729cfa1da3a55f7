"""Create an API key."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from apps.brands.core.codes import check_name
from apps.brands.core.secrets import digest
from apps.brands.models import ApiCredential, Brand, Location
from apps.brands.operations.publish_config import publish_config
from apps.kernel.errors import InvalidInput
from apps.kernel.methods import METHODS


class UnknownScope(InvalidInput):
    """A scope names a method that there is not, or a location that the brand does not have (9)."""


def create_api_credential(
    *,
    brand: Brand,
    name: str,
    methods: Sequence[str],
    location_codes: Sequence[str],
    created_by: str,
    now: datetime,
) -> tuple[ApiCredential, str]:
    """Insert the key, publish it, and return it with its secret, which can never be read again.

    `methods` (wire names) and `location_codes` limit what the key may do; empty means everything.
    """
    check_name(name)
    _check_methods(methods)
    _check_locations(brand, location_codes)
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        credential = ApiCredential.objects.create(
            brand=brand,
            key=f"ck_{secrets.token_urlsafe(16)}",
            secret_digest=digest(secret, pepper=settings.API_PEPPER),
            name=name.strip(),
            methods=sorted(set(methods)),
            location_codes=sorted(set(location_codes)),
            created_at=now,
            created_by=created_by,
        )
        publish_config(brand_id=brand.pk)
    return credential, secret


def _check_methods(methods: Sequence[str]) -> None:
    if unknown := set(methods) - set(METHODS):
        raise UnknownScope(f"There is no method {', '.join(sorted(unknown))}.")


def _check_locations(brand: Brand, location_codes: Sequence[str]) -> None:
    known = Location.objects.filter(brand=brand, code__in=location_codes).values_list("code", flat=True)
    if unknown := set(location_codes) - set(known):
        raise UnknownScope(f"There is no location {', '.join(sorted(unknown))}.")
