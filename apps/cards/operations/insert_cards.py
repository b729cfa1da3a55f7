"""Write many new cards at once, as an import does."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.cards.core.status import CardStatus
from apps.cards.queries.draw_card import SHUFFLES
from apps.kernel.db.copying import copy_rows
from apps.kernel.db.hot import Cursor

_COLUMNS = (
    "brand_id",
    "number",
    "card_set_id",
    "status",
    "pin",
    "shuffle",
    "is_demo",
    "custom_number",
    "family_id",
    "wallet_id",
    "activated_at",
    "enrolled_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCard:
    """A root card. `pin` is sealed; a card that was never activated has neither wallet nor moments."""

    number: str
    card_set_id: int
    status: CardStatus
    pin: bytes | None
    custom_number: str | None
    wallet_id: int | None
    activated_at: datetime | None
    enrolled_at: datetime | None


def insert_cards(cursor: Cursor, *, brand_id: int, cards: Iterable[NewCard]) -> None:
    """Write cards in the transaction of the caller, after their wallets. A number in use is a UniqueViolation of
    `cards_card_number`."""
    rows = (
        (
            brand_id,
            card.number,
            card.card_set_id,
            int(card.status),
            card.pin,
            secrets.randbelow(SHUFFLES),
            card.status is CardStatus.DEMO,
            card.custom_number,
            card.wallet_id,
            card.wallet_id,
            card.activated_at,
            card.enrolled_at,
        )
        for card in cards
    )
    copy_rows(cursor, "cards_card", _COLUMNS, rows)
