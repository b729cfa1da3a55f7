"""The one statement of search: a page of cards with their customers, and the brand's clock."""

from dataclasses import astuple, dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from apps.cards.core.status import ACTIVE, CardStatus
from apps.customers.core.customer import Demographics
from apps.requestlog.unit import Cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFilters:
    """What cards must match; None: no such filter. Numbers are compared exactly, e-mail and names without regard to
    case, phones as E.164. `has_empty_filter`: the client also sent an empty text for a filter that is not among these.
    """

    card_number: str | None = None
    custom_number: str | None = None
    email: str | None = None
    phone: str | None = None
    mobile_phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    has_empty_filter: bool = False

    @property
    def match_nothing(self) -> bool:
        """Whether no card can match: there is no filter at all, or an empty one."""
        values = [value for value in astuple(self)[:-1] if value is not None]
        return self.has_empty_filter or not values or "" in values

    @property
    def is_by_number(self) -> bool:
        """Whether cards are looked for by one or both of their numbers and nothing else."""
        card_number, custom_number, *others = astuple(self)
        return (card_number is not None or custom_number is not None) and not any(
            other is not None and other is not False for other in others
        )


@dataclass(frozen=True, slots=True)
class FoundCard:
    """A card as stored; `pin` is still sealed, `customer` None where nobody is known."""

    id: int
    number: str
    card_set_id: int
    status: CardStatus
    pin: bytes | None
    custom_number: str | None
    wallet_id: int | None
    activated_at: datetime | None
    enrolled_at: datetime | None
    customer: Demographics | None


# Each empty-text condition repeats the condition of an index, which could not be used without it.
_CONDITIONS = {
    "card_number": "c.number = %(card_number)s",
    "custom_number": "c.custom_number = %(custom_number)s",
    "email": "lower(p.email) = lower(%(email)s) AND p.email <> ''",
    "phone": "p.phone = %(phone)s AND p.phone <> ''",
    "mobile_phone": "p.mobile_phone = %(mobile_phone)s AND p.mobile_phone <> ''",
    "first_name": "lower(p.first_name) = lower(%(first_name)s) AND p.first_name <> ''",
    "last_name": "lower(p.last_name) = lower(%(last_name)s) AND p.last_name <> ''",
}
_ACTIVE = f"c.status IN ({', '.join(str(int(status)) for status in sorted(ACTIVE))})"
_HOLDER = " JOIN customers_customer p ON p.brand_id = c.brand_id AND p.id = c.customer_id"
_CARD = (
    "id",
    "number",
    "card_set_id",
    "status",
    "pin",
    "custom_number",
    "wallet_id",
    "activated_at",
    "enrolled_at",
)
_PEOPLE = tuple(field.name for field in fields(Demographics))

_PAGE = """SELECT c.id, c.number, c.card_set_id, c.status, c.pin, c.custom_number, c.wallet_id, c.activated_at,
 c.enrolled_at, c.customer_id FROM cards_card c{holder} WHERE c.brand_id = %(brand)s AND {conditions}
 ORDER BY c.id LIMIT %(limit)s OFFSET %(offset)s"""

_FIND = """SELECT k.config, {card}, p.id, {people} FROM brands_clock k LEFT JOIN ({page}) c ON true
 LEFT JOIN customers_customer p ON p.brand_id = %(brand)s AND p.id = c.customer_id
 WHERE k.brand_id = %(brand)s ORDER BY c.id"""


def find_cards(
    cursor: Cursor, *, brand_id: int, filters: CardFilters, shows_inactive: bool, offset: int, limit: int
) -> tuple[int, list[FoundCard]]:
    """The number of the brand's configuration, and one page of the cards that match every filter that is set."""
    wanted = {name: value for name in _CONDITIONS if (value := getattr(filters, name)) is not None}
    rows = cursor.execute(
        _text(tuple(wanted), shows_inactive),
        {"brand": brand_id, "limit": limit, "offset": offset, **wanted},
    ).fetchall()
    return rows[0][0], [_found(row[1:]) for row in rows if row[1] is not None]


@cache
def _text(filters: tuple[str, ...], shows_inactive: bool) -> str:
    """Equal kinds of searches share one text, and so one prepared statement."""
    conditions = [_CONDITIONS[name] for name in filters] + ([] if shows_inactive else [_ACTIVE])
    by_person = any(name not in ("card_number", "custom_number") for name in filters)
    page = _PAGE.format(holder=_HOLDER if by_person else "", conditions=" AND ".join(conditions))
    card = ", ".join(f"c.{name}" for name in _CARD)
    return _FIND.format(card=card, people=", ".join(f"p.{name}" for name in _PEOPLE), page=page)


def _found(row: tuple[Any, ...]) -> FoundCard:
    card = dict(zip(_CARD, row, strict=False))
    person, *values = row[len(_CARD) :]
    customer = None if person is None else Demographics(**dict(zip(_PEOPLE, values, strict=True)))
    return FoundCard(**card | {"status": CardStatus(card["status"])}, customer=customer)
