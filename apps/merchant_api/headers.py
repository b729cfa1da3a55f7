"""The headers of a call: what they say, and who may call (32, 5)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.conf import settings

from apps.brands.core.secrets import matches
from apps.kernel.errors import ErrorCode, Refusal
from apps.programs.core.configuration import Configuration, Credential, InvalidCredentials, Location
from apps.programs.queries.configuration import cached_configuration, fresh_configuration

_SPELLING = {
    "HTTP_BRAND": "brand",
    "HTTP_LOCATION": "location",
    "HTTP_TERMINAL": "terminal",
    "HTTP_EMPLOYEE": "employee",
    "HTTP_EMPLOYEEPASSWORD": "employeePassword",
    "HTTP_CUSTOMREQUESTID": "customRequestId",
    "HTTP_EXTERNALTRANSACTIONID": "externalTransactionId",
    "HTTP_NOTE": "note",
    "CONTENT_TYPE": "Content-Type",
    "CONTENT_LENGTH": "Content-Length",
}


class HeadersFormat(Refusal):
    """A required header is missing or malformed, or location and terminal do not fit (32)."""

    code = ErrorCode.REQUEST_HEADERS_FORMAT


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a key of a brand, at a location's terminal, maybe with an employee."""

    configuration: Configuration
    credential: Credential
    location: Location | None
    terminal_id: int | None
    employee_id: int | None
    refusal: Refusal | None = None


def sent_headers(meta: Mapping[str, str]) -> dict[str, str]:
    """All headers of a request by their names; WSGI has lost the spelling of all but the ones we know."""
    return {
        _SPELLING.get(name) or name[5:].replace("_", "-").title(): _text(value)
        for name, value in meta.items()
        if value and (name.startswith("HTTP_") or name in _SPELLING)
    }


def client_address(meta: Mapping[str, str]) -> str | None:
    """Where a call comes from. Behind proxies it is what the outermost trusted one has seen; None if nobody tells."""
    proxies: int = settings.PROXIES
    seen = meta.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if len(seen) >= proxies > 0 and (address := seen[-proxies].strip()):
        return address
    return meta.get("REMOTE_ADDR") or None


def identify(headers: Mapping[str, str], *, method: str) -> Caller:
    """Find out who calls.

    Headers that are missing or malformed: 32; key, secret and brand that do not fit: 5. What is wrong about a caller
    whose credentials are right (location, terminal, employee, scope) stands in `refusal`: such calls are logged.
    """
    if any("\0" in value for value in headers.values()):
        raise HeadersFormat("A header contains a NUL character.")
    key, secret = _basic(headers.get("Authorization", ""))
    for name in ("brand", "location", "terminal"):
        if not headers.get(name):
            raise HeadersFormat(f"The header {name} is missing.")
    configuration, credential = _credential(headers["brand"], key, secret)
    caller = _place(configuration, credential, headers)
    if caller.refusal is not None:
        fresh = fresh_configuration(configuration.brand_code)
        if fresh is not None and fresh is not configuration and key in fresh.credentials:
            caller = _place(fresh, fresh.credentials[key], headers)
    return caller if caller.refusal is not None else _scoped(caller, method)


def _text(value: str) -> str:
    """WSGI gives bytes as Latin-1; what was sent as UTF-8 is read as such."""
    if value.isascii():
        return value
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic" or not encoded:
        raise HeadersFormat("The header Authorization must be Basic with API key and secret.")
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise HeadersFormat("The header Authorization is not valid Base64.") from None
    key, colon, secret = decoded.partition(":")
    if not colon:
        raise HeadersFormat("The header Authorization must hold key and secret with a colon between.")
    return key, secret


def _credential(brand: str, key: str, secret: str) -> tuple[Configuration, Credential]:
    configuration = cached_configuration(brand)
    credential = configuration.credentials.get(key) if configuration else None
    if credential is None:
        configuration = fresh_configuration(brand)
        credential = configuration.credentials.get(key) if configuration else None
    stored = credential.secret_digest if credential else bytes(32)
    if not matches(secret, stored, pepper=settings.API_PEPPER) or credential is None or configuration is None:
        raise InvalidCredentials
    return configuration, credential


def _place(configuration: Configuration, credential: Credential, headers: Mapping[str, str]) -> Caller:
    location = configuration.locations.get(headers["location"])
    if location is None:
        refusal: Refusal = HeadersFormat("The brand has no such location.")
        return Caller(configuration, credential, None, None, None, refusal)
    terminal_id = location.terminals.get(headers["terminal"])
    if terminal_id is None:
        refusal = HeadersFormat("The location has no such terminal.")
        return Caller(configuration, credential, location, None, None, refusal)
    employee = location.employees.get(headers.get("employee", ""))
    employee_id = employee.id if employee else None
    if configuration.employee_required:
        password = headers.get("employeePassword", "")
        digest = employee.secret_digest if employee else None
        if employee is None or (digest and not matches(password, digest, pepper=settings.API_PEPPER)):
            refusal = InvalidCredentials("The brand wants to know the employee, and this one is wrong or missing.")
            return Caller(configuration, credential, location, terminal_id, None, refusal)
    return Caller(configuration, credential, location, terminal_id, employee_id)


def _scoped(caller: Caller, method: str) -> Caller:
    assert caller.location is not None
    if caller.credential.allows(method, caller.location.code):
        return caller
    return replace(caller, refusal=InvalidCredentials("The API key may not do this here."))
