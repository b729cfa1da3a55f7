"""Reading sealed PINs."""

from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


@cache
def pin_cipher() -> MultiFernet:
    """The installation's PIN keys: the first seals, all of them open."""
    return MultiFernet([Fernet(key) for key in settings.PIN_KEYS])


def open_pin(sealed: bytes | None) -> str | None:
    """The PIN in plain text; None for a card without one."""
    return None if sealed is None else pin_cipher().decrypt(bytes(sealed)).decode()
