"""The one statement of search: a page of cards with their customers, and the brand's clock."""

from dataclasses import astuple, dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from apps.cards.core.status import ACTIVE, CardStatus
from apps.customers.core.customer import Demographics
from apps.kernel.db.hot import Cursor


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


_OF_CARDS = {"card_number": "c.number = %(card_number)s", "custom_number": "c.custom_number = %(custom_number)s"}
# Each `<> ''` repeats the condition of an index, which could not be used without it.
_OF_PEOPLE = {
    "email": "lower(p.email) = lower(%(email)s) AND p.email <> ''",
    "phone": "p.phone = %(phone)s AND p.phone <> ''",
    "mobile_phone": "p.mobile_phone = %(mobile_phone)s AND p.mobile_phone <> ''",
    "first_name": "lower(p.first_name) = lower(%(first_name)s) AND p.first_name <> ''",
    "last_name": "lower(p.last_name) = lower(%(last_name)s) AND p.last_name <> ''",
}
_ACTIVE = f"c.status IN ({', '.join(str(int(status)) for status in sorted(ACTIVE))})"
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
_PERSON = tuple(field.name for field in fields(Demographics))

# The page of all cards must come from the index of active cards by brand and id. As an equation, the brand would be a
# constant to the planner, any index by id would do, and the walk would begin with the whole inventory.
_ALL = """SELECT c.* FROM cards_card c WHERE c.brand_id = ANY(ARRAY[%(brand)s::bigint]) AND {cards}
 ORDER BY c.brand_id, c.id LIMIT %(limit)s OFFSET %(offset)s"""

_BY_CARD = """SELECT c.* FROM cards_card c WHERE c.brand_id = %(brand)s AND {cards}
 ORDER BY c.id LIMIT %(limit)s OFFSET %(offset)s"""

_BY_CARD_AND_PERSON = """SELECT c.* FROM cards_card c
 JOIN customers_customer p ON p.brand_id = c.brand_id AND p.id = c.customer_id
 WHERE c.brand_id = %(brand)s AND {cards} AND {people} ORDER BY c.id LIMIT %(limit)s OFFSET %(offset)s"""

# The database keeps no statistics of lower(...) and thinks that one person in 200 fits, so that it would rather walk
# through all cards until the page is full: a second and more where few fit. MATERIALIZED and OFFSET 0 hold it to the
# people first, by their indexes, and to their cards by that of the holder.
_BY_PERSON = """WITH people AS MATERIALIZED
  (SELECT p.id FROM customers_customer p WHERE p.brand_id = %(brand)s AND {people})
 SELECT c.* FROM people CROSS JOIN LATERAL
  (SELECT h.* FROM cards_card h WHERE h.brand_id = %(brand)s AND h.customer_id = people.id OFFSET 0) c
 WHERE {cards} ORDER BY c.id LIMIT %(limit)s OFFSET %(offset)s"""

_PAGES = {
    (False, False): _ALL,
    (True, False): _BY_CARD,
    (True, True): _BY_CARD_AND_PERSON,
    (False, True): _BY_PERSON,
}

_FIND = """SELECT k.config, {card}, p.id, {person} FROM brands_clock k LEFT JOIN ({page}) c ON true
 LEFT JOIN customers_customer p ON p.brand_id = %(brand)s AND p.id = c.customer_id
 WHERE k.brand_id = %(brand)s ORDER BY c.id"""


def find_cards(
    cursor: Cursor, *, brand_id: int, filters: CardFilters, shows_inactive: bool, offset: int, limit: int
) -> tuple[int, list[FoundCard]]:
    """The number of the brand's configuration, and one page of the cards that match every filter that is set."""
    wanted = {name: value for name in _OF_CARDS | _OF_PEOPLE if (value := getattr(filters, name)) is not None}
    rows = cursor.execute(
        _text(frozenset(wanted), shows_inactive),
        {"brand": brand_id, "limit": limit, "offset": offset, **wanted},
    ).fetchall()
    return rows[0][0], [_found(row[1:]) for row in rows if row[1] is not None]


@cache
def _text(filters: frozenset[str], shows_inactive: bool) -> str:
    """Equal kinds of searches share one text, and so one prepared statement."""
    cards = [text for name, text in _OF_CARDS.items() if name in filters]
    people = [text for name, text in _OF_PEOPLE.items() if name in filters]
    page = _PAGES[bool(cards), bool(people)]
    if not shows_inactive:
        cards.append(_ACTIVE)
    return _FIND.format(
        card=", ".join(f"c.{name}" for name in _CARD),
        person=", ".join(f"p.{name}" for name in _PERSON),
        page=page.format(cards=" AND ".join(cards), people=" AND ".join(people)),
    )


def _found(row: tuple[Any, ...]) -> FoundCard:
    card = dict(zip(_CARD, row, strict=False))
    person, *values = row[len(_CARD) :]
    customer = None if person is None else Demographics(**dict(zip(_PERSON, values, strict=True)))
    return FoundCard(**card | {"status": CardStatus(card["status"])}, customer=customer)
