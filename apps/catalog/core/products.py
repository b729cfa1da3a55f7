"""What products and their tags may be called, and what they may cost. Pure."""

from collections.abc import Iterable
from decimal import Decimal

from apps.kernel.amounts import fits
from apps.kernel.errors import InvalidInput

LONGEST_SKU = 255
LONGEST_TAG = 64
LONGEST_NAME = 200
FINEST = 6
"""Decimals that a column keeps."""


class InvalidProduct(InvalidInput):
    """A SKU, name, tag, price or cost that cannot be used (9)."""


def check_sku(sku: str) -> None:
    """Refuse a SKU that no till could send, or that no index holds."""
    if not sku or len(sku) > LONGEST_SKU:
        raise InvalidProduct(f"A SKU is 1 to {LONGEST_SKU} characters.")


def check_product_name(name: str) -> None:
    """Refuse a name that is too long; an empty one is allowed."""
    if len(name) > LONGEST_NAME:
        raise InvalidProduct(f"The name of a product has at most {LONGEST_NAME} characters.")


def check_money(amount: Decimal, name: str) -> None:
    """Refuse what cannot be a price or a cost; `name` says which of them."""
    if amount < 0:
        raise InvalidProduct(f"The {name} must not be below zero.")
    if not fits(amount, FINEST):
        raise InvalidProduct(f"The {name} is too large or has more than {FINEST} decimals.")


def clean_tags(tags: Iterable[str]) -> list[str]:
    """The tags without spaces around them, each once, sorted; empty and long ones are refused."""
    cleaned = sorted({tag.strip() for tag in tags})
    if any(not tag or len(tag) > LONGEST_TAG for tag in cleaned):
        raise InvalidProduct(f"A tag is 1 to {LONGEST_TAG} characters.")
    return cleaned
