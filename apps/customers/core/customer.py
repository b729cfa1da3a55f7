"""A customer's demographics, and how an update changes them. Pure."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from apps.customers.core.phones import require_e164
from apps.kernel.amounts import at_scale
from apps.kernel.errors import InvalidInput

_COUNTRY = re.compile(r"[A-Za-z]{2}", re.ASCII)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demographics:
    """What is known of a customer. Empty text and None: not known. Phones are E.164, degrees have six decimals."""

    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    mobile_phone: str = ""
    mobile_operator_id: str = ""
    birthday: date | None = None
    anniversary: date | None = None
    gender: str = ""
    address1: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    postal: str = ""
    country: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None


PHONES = ("phone", "mobile_phone")
DATES = ("birthday", "anniversary")
DEGREES = ("latitude", "longitude")


def check_changes(changes: dict[str, Any]) -> None:
    """Refuse (9) a country or an e-mail address that cannot be one: what can be judged from the request alone."""
    if changes.get("country") and not _COUNTRY.fullmatch(changes["country"]):
        raise InvalidInput("primaryCustomer.country must be a code of two letters.")
    if changes.get("email") and not _EMAIL.fullmatch(changes["email"]):
        raise InvalidInput("primaryCustomer.email is not an e-mail address.")


def updated(present: Demographics, changes: dict[str, Any], *, country: str) -> Demographics:
    """Apply `changes` (attribute name to value; an empty text clears).

    Phones are parsed with the country of the update, else the stored one, else `country` (the location's). A phone
    that cannot be one: 9.
    """
    if changes.get("country"):
        changes = changes | {"country": changes["country"].upper()}
    home = changes.get("country") or present.country or country
    return replace(present, **{name: _stored(name, value, home) for name, value in changes.items()})


def _stored(name: str, value: Any, country: str) -> Any:
    if name in PHONES and value:
        return require_e164(value, country=country, name=f"primaryCustomer.{_WIRE_NAMES[name]}")
    if name in DATES:
        return date.fromisoformat(value) if value else None
    if name in DEGREES:
        return at_scale(value, 6)
    return value


_WIRE_NAMES = {"phone": "phone", "mobile_phone": "mobilePhone"}
