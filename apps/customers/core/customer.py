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


def is_email(text: str) -> bool:
    """Whether a text can be an e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def check_changes(changes: dict[str, Any], *, name: str = "primaryCustomer") -> None:
    """Refuse (9) a country or an e-mail address that cannot be one: what can be judged from the request alone.
    `name` is what the request calls this customer."""
    if changes.get("country") and not _COUNTRY.fullmatch(changes["country"]):
        raise InvalidInput(f"{name}.country must be a code of two letters.")
    if changes.get("email") and not is_email(changes["email"]):
        raise InvalidInput(f"{name}.email is not an e-mail address.")


def updated(
    present: Demographics, changes: dict[str, Any], *, country: str, name: str = "primaryCustomer"
) -> Demographics:
    """Apply `changes` (attribute name to value; an empty text clears).

    Phones are parsed with the country of the update, else the stored one, else `country` (the location's). A phone
    that cannot be one: 9.
    """
    if changes.get("country"):
        changes = changes | {"country": changes["country"].upper()}
    home = changes.get("country") or present.country or country
    return replace(present, **{each: _stored(each, value, home, name) for each, value in changes.items()})


def _stored(attribute: str, value: Any, country: str, name: str) -> Any:
    if attribute in PHONES and value:
        return require_e164(value, country=country, name=f"{name}.{_WIRE_NAMES[attribute]}")
    if attribute in DATES:
        return date.fromisoformat(value) if value else None
    if attribute in DEGREES:
        return None if value == "" else at_scale(value, 6)
    return value


_WIRE_NAMES = {"phone": "phone", "mobile_phone": "mobilePhone"}
