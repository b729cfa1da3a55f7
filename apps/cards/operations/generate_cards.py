"""Make inventory: cards with unguessable numbers and, where the program uses them, PINs."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from psycopg.errors import UniqueViolation

from apps.brands.models import Brand, Location
from apps.cards.core.draws import check_prefix, free_digits, number_of
from apps.cards.core.status import CardStatus
from apps.cards.operations.seal_pin import new_pin, seal_pin
from apps.cards.queries.draw_card import SHUFFLES
from apps.cards.queries.taken_numbers import taken_numbers
from apps.kernel.db.hot import Cursor, hot_cursor
from apps.kernel.errors import InvalidInput
from apps.ledger.operations.open_demo_wallets import open_demo_wallets
from apps.programs.models import CardSet

BATCH = 5_000
ATTEMPTS = 3

_INSERT = """INSERT INTO cards_card (brand_id, card_set_id, status, is_demo, activated_at, number, shuffle, pin,
 family_id, wallet_id)
 SELECT %(brand)s, %(card_set)s, %(status)s, %(demo)s, %(at)s, u.number, u.shuffle, u.pin, u.wallet, u.wallet
 FROM unnest(%(numbers)s::text[], %(shuffles)s::bigint[], %(pins)s::bytea[], %(wallets)s::bigint[])
 u (number, shuffle, pin, wallet)"""


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be made. `owner_id` is the location that owns Demo cards; None makes inventory."""

    brand_id: int
    card_set: CardSet
    prefix: str
    owner_id: int | None
    now: datetime


def generate_cards(
    *,
    brand: Brand,
    card_set: CardSet,
    count: int,
    now: datetime,
    prefix: str = "",
    demo_location: Location | None = None,
    batch: int = BATCH,
    progress: Callable[[int], None] = lambda made: None,
) -> int:
    """Make `count` cards of a set; returns how many were made, and calls `progress` with it after each batch.

    They hang in the inventory; with `demo_location` they are Demo cards, active from the start and owned by it. A batch
    is made as a whole or not at all, so an interrupted run leaves complete cards and can be followed by another one.
    """
    if count < 1:
        raise InvalidInput("At least one card must be made.")
    check_prefix(prefix, count=count)
    if card_set.brand_id != brand.pk or (demo_location is not None and demo_location.brand_id != brand.pk):
        raise InvalidInput("Card set and location must be of the brand.")
    order = _Order(brand.pk, card_set, prefix, demo_location.pk if demo_location else None, now)
    made = 0
    while made < count:
        size = min(batch, count - made)
        _make_batch(order, size)
        made += size
        progress(made)
    return made


def _make_batch(order: _Order, size: int) -> None:
    """Make one batch; again if somebody else gave one of its numbers to a card at the same moment."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                _insert(hot_cursor(), order, size)
            return
        except UniqueViolation:
            if attempt == ATTEMPTS:
                raise


def _insert(cursor: Cursor, order: _Order, size: int) -> None:
    is_demo = order.owner_id is not None
    params = {
        "brand": order.brand_id,
        "card_set": order.card_set.pk,
        "status": int(CardStatus.DEMO if is_demo else CardStatus.INVENTORY),
        "demo": is_demo,
        "at": order.now if is_demo else None,
        "numbers": _free_numbers(cursor, order, size),
        "shuffles": [secrets.randbelow(SHUFFLES) for _ in range(size)],
        "pins": [seal_pin(new_pin()) if order.card_set.program.uses_pins else None for _ in range(size)],
        "wallets": _wallets(cursor, order, size),
    }
    cursor.execute(_INSERT, params)


def _free_numbers(cursor: Cursor, order: _Order, size: int) -> list[str]:
    """So many different random numbers that no card has."""
    numbers: set[str] = set()
    possible = 10 ** free_digits(order.prefix)
    while len(numbers) < size:
        drawn = {number_of(order.prefix, secrets.randbelow(possible)) for _ in range(size - len(numbers))}
        numbers |= drawn - taken_numbers(cursor, brand_id=order.brand_id, numbers=list(drawn))
    return list(numbers)


def _wallets(cursor: Cursor, order: _Order, size: int) -> Sequence[int | None]:
    """Wallets of Demo cards; inventory gets them when it is activated."""
    if order.owner_id is None:
        return [None] * size
    return open_demo_wallets(
        cursor,
        brand_id=order.brand_id,
        count=size,
        program_id=order.card_set.program_id,
        card_set_id=order.card_set.pk,
        owner_location_id=order.owner_id,
        at=order.now,
    )
