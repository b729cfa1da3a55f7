"""Lists that people type, one entry a line. Mistakes are told with the line."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

MOST = 200
"""Lines of one list."""


class Mistyped(ValueError):
    """A line that cannot be understood; the text says which one and why."""


def typed_goods(text: str) -> list[tuple[str, Decimal, Decimal]]:
    """Lines of a basket: `HAT 2 12.50` is SKU, quantity and unit price; `HAT 12.50` is one unit. SKUs may have
    blanks."""
    goods = []
    for number, line in _lines(text):
        words = line.rsplit(maxsplit=2)
        if len(words) == 3 and _is_number(words[1]):
            sku, quantity = words[0], _number(number, words[1])
        else:
            sku, quantity = line.rsplit(maxsplit=1)[0], Decimal(1)
        if len(words) == 1:
            raise Mistyped(f"Line {number}: write the SKU, the quantity and the unit price, as in HAT 2 12.50.")
        goods.append((sku, quantity, _number(number, words[-1])))
    return goods


def typed_amounts(text: str) -> list[tuple[str, Decimal]]:
    """A name and an amount: `VISA 20.00`."""
    found = []
    for number, line in _lines(text):
        name, _, amount = line.rpartition(" ")
        if not name:
            raise Mistyped(f"Line {number}: write a name and an amount, as in VISA 20.00.")
        found.append((name.strip(), _number(number, amount)))
    return found


def typed_pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Keys and values: `promoCode = HATS`."""
    found = []
    for number, line in _lines(text):
        key, sign, value = line.partition("=")
        if not sign or not key.strip():
            raise Mistyped(f"Line {number}: write a key and its value, as in promoCode = HATS.")
        found.append((key.strip(), value.strip()))
    return tuple(found)


def typed_words(text: str) -> tuple[str, ...]:
    """One word or name a line."""
    return tuple(line for _, line in _lines(text))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    lines = text.splitlines()
    if len(lines) > MOST:
        raise Mistyped(f"At most {MOST} lines.")
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, line.strip()


def _is_number(word: str) -> bool:
    try:
        return Decimal(word).is_finite()
    except InvalidOperation:
        return False


def _number(line: int, word: str) -> Decimal:
    if not _is_number(word) or len(word) > 30:
        raise Mistyped(f"Line {line}: {word} is no amount. Write it with a point: 12.50.")
    return Decimal(word)
