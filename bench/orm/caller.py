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
        credential = (
            ApiCredential.objects.select_related("brand__clock")
            .filter(key=key, revoked_at__isnull=True, brand__code=request.headers["brand"], brand__is_active=True)
            .first()
        )
        if credential is None or not matches(secret, credential.secret_digest, pepper=settings.API_PEPPER):
            raise InvalidCredentials
        terminal = (
            Terminal.objects.select_related("location")
            .filter(
                brand=credential.brand,
                code=request.headers["terminal"],
                is_active=True,
                location__code=request.headers["location"],
                location__is_active=True,
            )
            .first()
        )
        if terminal is None:
            raise HeadersFormat("There is no such terminal at this location.")
        return None, Caller(credential.brand, credential, terminal.location, terminal)
