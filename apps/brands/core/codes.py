"""What the rows of the hierarchy may be called. Codes travel in HTTP headers, so they are plain printable text."""

import re
from zoneinfo import ZoneInfo

from apps.kernel.errors import InvalidInput

LONGEST_CODE = 64
LONGEST_NAME = 200
_CODE = re.compile(r"[!-~](?:[ -~]*[!-~])?")


class InvalidName(InvalidInput):
    """A code, name, country, currency or time zone that cannot be used."""


def check_code(code: str) -> None:
    """Refuse a code that is empty, too long, padded with spaces or not printable ASCII."""
    if len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        raise InvalidName(f"A code is 1 to {LONGEST_CODE} printable ASCII characters without spaces around them.")


def check_name(name: str) -> None:
    """Refuse a name that is empty or too long."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise InvalidName(f"A name is 1 to {LONGEST_NAME} characters.")


def check_country(country: str) -> None:
    """Refuse what does not look like an ISO 3166 code of two letters."""
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise InvalidName("A country is given by the two capital letters of ISO 3166.")


def check_currency(currency: str) -> None:
    """Refuse what does not look like an ISO 4217 code of three letters."""
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise InvalidName("A currency is given by the three capital letters of ISO 4217.")


def check_timezone(timezone: str) -> None:
    """Refuse a time zone that the IANA database does not know."""
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidName(f"There is no time zone {timezone!r}.") from error
