"""Phone numbers: parsed with a country, kept as E.164."""

import phonenumbers

from apps.kernel.errors import InvalidInput


def to_e164(text: str, *, country: str) -> str | None:
    """The number in E.164, or None if it cannot be one. Possible is enough: real lists hold numbers that no plan lists
    as valid yet."""
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def require_e164(text: str, *, country: str, name: str) -> str:
    """The number in E.164, or 9."""
    number = to_e164(text, country=country)
    if number is None:
        raise InvalidInput(f"{name} is not a phone number of {country}; an international one starts with +.")
    return number
