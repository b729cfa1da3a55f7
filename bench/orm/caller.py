"""Who calls: key, brand, location and terminal, looked up with the ORM."""

import base64
from dataclasses import dataclass

from django.conf import settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from apps.brands.core.secrets import matches
from apps.brands.models import ApiCredential, Brand, Location, Terminal
from apps.merchant_api.headers import HeadersFormat
from apps.programs.core.configuration import InvalidCredentials


@dataclass
class Caller:
    """The rows behind the four headers."""

    brand: Brand
    credential: ApiCredential
    location: Location
    terminal: Terminal


class ByApiKey(BaseAuthentication):
    """Basic credentials and the headers brand, location, terminal."""

    def authenticate(self, request: Request) -> tuple[None, Caller]:
        _, _, encoded = request.headers.get("Authorization", "").partition(" ")
        key, _, secret = base64.b64decode(encoded).decode().partition(":")
        brand = Brand.objects.select_related("clock").filter(code=request.headers["brand"], is_active=True).first()
        credential = ApiCredential.objects.filter(brand=brand, key=key, revoked_at__isnull=True).first()
        if brand is None or credential is None:
            raise InvalidCredentials
        if not matches(secret, credential.secret_digest, pepper=settings.API_PEPPER):
            raise InvalidCredentials
        location = Location.objects.filter(brand=brand, code=request.headers["location"], is_active=True).first()
        if location is None:
            raise HeadersFormat("The brand has no such location.")
        terminal = Terminal.objects.filter(
            brand=brand, location=location, code=request.headers["terminal"], is_active=True
        ).first()
        if terminal is None:
            raise HeadersFormat("The location has no such terminal.")
        return None, Caller(brand, credential, location, terminal)
