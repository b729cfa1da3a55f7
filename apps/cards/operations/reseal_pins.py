"""Seal PINs of cards under the first of PIN_KEYS."""

from collections.abc import Callable

from cryptography.fernet import InvalidToken
from django.db import connection

from apps.brands.models import Brand
from apps.cards.models import Card
from apps.kernel.sealing import reseal

BATCH = 1000
_UPDATE = """
UPDATE cards_card AS card SET pin = new.pin
  FROM unnest(%(ids)s::bigint[], %(old)s::bytea[], %(new)s::bytea[]) AS new (id, old, pin)
 WHERE card.brand_id = %(brand_id)s AND card.id = new.id AND card.pin = new.old
"""


def reseal_pins(*, brand: Brand, progress: Callable[[int], None] = lambda seen: None) -> tuple[int, int]:
    """How many PINs were sealed anew, and how many no key opens; those stay as they are. Harmless to repeat.

    `progress` is told after each batch how many cards have been looked at. Each batch is a transaction of its own.
    """
    done = unreadable = seen = last = 0
    cards = Card.objects.filter(brand=brand, pin__isnull=False).order_by("pk")
    while rows := list(cards.filter(pk__gt=last).values_list("pk", "pin")[:BATCH]):
        changes: list[tuple[int, bytes, bytes]] = []
        for id, pin in rows:
            sealed = bytes(pin or b"")
            try:
                new = reseal(sealed)
            except InvalidToken:
                unreadable += 1
            else:
                changes += [(id, sealed, new)] if new else []
        done += _write(brand, changes) if changes else 0
        last, seen = rows[-1][0], seen + len(rows)
        progress(seen)
    return done, unreadable


def _write(brand: Brand, changes: list[tuple[int, bytes, bytes]]) -> int:
    ids, old, new = (list(column) for column in zip(*changes, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, {"brand_id": brand.pk, "ids": ids, "old": old, "new": new})
        return int(cursor.rowcount)
