"""Secrets at rest that must be readable again: PINs of cards, secrets of second factors."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def cipher() -> MultiFernet:
    """The installation's keys: the first of PIN_KEYS seals, all of them open."""
    return MultiFernet([Fernet(key) for key in settings.PIN_KEYS])


def reseal(sealed: bytes) -> bytes | None:
    """The secret under the first key; None if it is there already. InvalidToken if no key opens it."""
    try:
        Fernet(settings.PIN_KEYS[0]).decrypt(sealed)
    except InvalidToken:
        return cipher().rotate(sealed)
    return None
