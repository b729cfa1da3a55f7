"""Making and sealing of PINs. They are encrypted, not hashed, because allocate must be able to say them."""

import secrets

from apps.cards.queries.open_pin import pin_cipher

PIN_LENGTH = 4


def seal_pin(pin: str) -> bytes:
    """The form in which a PIN is stored."""
    return pin_cipher().encrypt(pin.encode())


def new_pin() -> str:
    """A random PIN of four digits."""
    return f"{secrets.randbelow(10**PIN_LENGTH):0{PIN_LENGTH}}"
