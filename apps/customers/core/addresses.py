"""Addresses of channels: an e-mail address in lower case, or a phone number in E.164. Pure."""

from apps.brands.core.secrets import digest
from apps.customers.core.customer import is_email
from apps.customers.core.phones import require_e164
from apps.kernel.errors import InvalidInput

EMAIL, PHONE = "email", "phone"
CHANNELS = (EMAIL, PHONE)
LONGEST_EMAIL = 320
_ERASED = "erased:"


def normal_address(text: str, *, channel: str, country: str) -> str:
    """The one form in which an address is kept. `country` is that of phone numbers without a leading +.

    What cannot be an address of the channel: 9.
    """
    text = text.strip()
    if channel == PHONE:
        return require_e164(text, country=country, name="channelUser")
    if len(text) > LONGEST_EMAIL or not is_email(text):
        raise InvalidInput("channelUser is not an e-mail address.")
    return text.lower()


def erased_address(address: str, *, channel: str, brand_id: int, pepper: bytes) -> str:
    """What is kept of an address that was erased but had opted out: enough to know it again, not to read it.

    Keyed with the installation's pepper: without it nobody can try out addresses on a copy of the database.
    """
    return _ERASED + digest(f"{brand_id} {channel} {address}", pepper=pepper).hex()


def is_erased(address: str) -> bool:
    """Whether this is what `erased_address` leaves; no address looks like it."""
    return address.startswith(_ERASED)
