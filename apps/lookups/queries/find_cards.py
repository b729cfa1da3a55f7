"""The statements that find cards: one that counts where it is not clear which filter finds the fewest, one page."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from apps.cards.core.status import CardStatus
from apps.kernel.db.hot import Cursor
from apps.lookups.core.card_filters import CardFilters, CardQuery
from apps.lookups.queries.card_sources import (
    EVERY_CARD,
    FEW,
    FEW_TO_SORT,
    KINDS,
    Shape,
    Source,
    child_condition,
    child_person,
    condition,
    person,
    ways,
)


@dataclass(frozen=True, slots=True)
class FoundCard:
    """A card as stored; `pin` is still sealed."""

    id: int
    number: str
    card_set_id: int
    status: CardStatus
    pin: bytes | None
    custom_number: str | None
    family_id: int | None
    wallet_id: int | None
    customer_id: int | None
    alternate_customer_id: int | None
    giver_customer_id: int | None
    activated_at: datetime | None
    enrolled_at: datetime | None


@dataclass(frozen=True, slots=True)
class FoundChild:
    """A child card as stored."""

    id: int
    number: str
    family_id: int
    wallet_id: int
    customer_id: int | None
    alternate_customer_id: int | None
    activated_at: datetime


NEAR = 50
"""Beyond so many cards, sorting all who have a prefix costs less than looking through all cards for them."""
MOST_CHILDREN = 100
"""So many child cards of one card are shown at most."""

_CARD = tuple(field.name for field in fields(FoundCard))
_CHILD = tuple(field.name for field in fields(FoundChild))

# OFFSET 0 keeps the planner from anything but looking up the cards one by one, in the order of their source.
_CARD_OF_ROW = """(SELECT {columns} FROM cards_card c {person}
  WHERE c.brand_id = %(brand)s AND c.id = {card_id} AND {condition} OFFSET 0) c"""
_IN_ORDER = """SELECT DISTINCT ON ({order}) c.* FROM {rows} CROSS JOIN LATERAL {card} WHERE {where}
 ORDER BY {order} LIMIT {limit} OFFSET {offset}"""
_COLLECTED = """SELECT DISTINCT ON (d.id) c.* FROM (SELECT e.id FROM
  (SELECT {card_id} AS id FROM {rows} WHERE {where} OFFSET 0) e ORDER BY e.id) d CROSS JOIN LATERAL {card}
 ORDER BY d.id LIMIT {limit} OFFSET {offset}"""
_EITHER = """SELECT DISTINCT ON (u.id) u.* FROM ({pages}) u ORDER BY u.id LIMIT %(limit)s OFFSET %(offset)s"""

_FIND = """SELECT k.config, {columns} FROM brands_clock k LEFT JOIN ({page}) c ON true
 WHERE k.brand_id = %(brand)s ORDER BY c.id"""
_COUNT = "(SELECT count(*) FROM (SELECT FROM {rows} WHERE {where} LIMIT %({few})s) few)"
_COUNTS = "SELECT {counts} FROM brands_clock k WHERE k.brand_id = %(brand)s"
_CHILDREN = """SELECT {columns} FROM unnest(%(families)s::bigint[]) f (id) CROSS JOIN LATERAL
  (SELECT h.* FROM (SELECT h.* FROM cards_childcard h
    WHERE h.brand_id = %(brand)s AND h.family_id = f.id OFFSET 0) h {person}
   WHERE {condition} ORDER BY h.id LIMIT %(most)s) h
 ORDER BY h.id"""


def find_cards(
    cursor: Cursor, *, brand_id: int, query: CardQuery, sets: Sequence[int] | None
) -> tuple[int, list[FoundCard]]:
    """The number of the brand's configuration, and one page of the cards that match, in the order of their ids.

    `sets`: the card sets to which the search is restricted, None for all. Nothing is found where the query can match
    nothing. One statement, and one before it where several filters could lead the search.
    """
    finds_nothing = query.match_nothing or sets == []
    # what can match nothing may ask for what there is not: the custom number of a child card
    shape = _shape(query, in_sets=sets is not None) if not finds_nothing else _shape(CardQuery(), in_sets=False)
    params = _params(brand_id, query, sets) | {"limit": 0 if finds_nothing else query.limit, "offset": query.offset}
    way = _way(cursor, shape, params) if not finds_nothing else (EVERY_CARD,)
    rows = cursor.execute(_page_text(shape, way), params).fetchall()
    return rows[0][0], [_found(row[1:]) for row in rows if row[1] is not None]


def find_children(
    cursor: Cursor, *, brand_id: int, query: CardQuery, families: Sequence[int]
) -> dict[int, list[FoundChild]]:
    """The child cards of these families that match the filters of child cards, by family; at most MOST_CHILDREN.

    No statement without families.
    """
    if not families:
        return {}
    params = _params(brand_id, query, None) | {"families": list(families), "most": MOST_CHILDREN}
    found: dict[int, list[FoundChild]] = {}
    for row in cursor.execute(_children_text(_shape(query, in_sets=False)), params):
        child = FoundChild(*row)
        found.setdefault(child.family_id, []).append(child)
    return found


def _way(cursor: Cursor, shape: Shape, params: dict[str, Any]) -> tuple[Source, ...]:
    """The sources to search by: those that find the fewest cards, or all cards in order where nothing helps."""
    possible = ways(shape)
    first = possible[0]
    if all(source.decides for source in first) or (len(possible) == 1 and all(source.order for source in first)):
        return first
    if len(possible) == 1 and first[0].few == FEW_TO_SORT and params["offset"] + params["limit"] > NEAR:
        return first
    sources = tuple(dict.fromkeys(source for way in possible for source in way))
    row = cursor.execute(_counts_text(sources), params).fetchone()
    assert row is not None, "the brand has no clock"
    counts = dict(zip(sources, row, strict=True))

    def is_known(source: Source) -> bool:
        return bool(counts[source] < params[source.few])

    known = [way for way in possible if all(is_known(source) for source in way)]
    if known:
        return min(known, key=lambda way: sum(counts[source] for source in way))
    in_order = [way for way in possible if all(source.order or is_known(source) for source in way)]
    return in_order[0] if in_order else (EVERY_CARD,)


def _shape(query: CardQuery, *, in_sets: bool) -> Shape:
    return Shape(
        filters=_names(query.filters),
        # a child card has no custom number: the query matches nothing, or anything else may match
        children=tuple(name for name in _names(query.children) if name != "custom_number"),
        all_must_match=query.all_must_match,
        in_sets=in_sets,
        shows_inactive=query.shows_inactive,
    )


def _names(filters: CardFilters | None) -> tuple[str, ...]:
    if filters is None:
        return ()
    return (*filters.finders, *(f"demographic_{place}" for place in range(len(filters.demographics))))


def _params(brand_id: int, query: CardQuery, sets: Sequence[int] | None) -> dict[str, Any]:
    params: dict[str, Any] = {"brand": brand_id, FEW: 5_000, FEW_TO_SORT: 10_000}
    if sets is not None:
        params["sets"] = list(sets)
    for prefix, filters in (("", query.filters), ("child_", query.children)):
        if filters is not None:
            params |= {prefix + name: value for name, value in filters.finders.items()}
            for place, (field, text) in enumerate(filters.demographics):
                params |= {f"{prefix}demographic_{place}_field": field, f"{prefix}demographic_{place}": text}
    return params


# Equal kinds of searches share one text, and so one prepared statement.
@lru_cache(maxsize=KINDS)
def _page_text(shape: Shape, way: tuple[Source, ...]) -> str:
    if len(way) == 1:
        page = _page(shape, way[0], limit="%(limit)s", offset="%(offset)s")
    else:
        parts = [_page(shape, source, limit="%(limit)s::int + %(offset)s::int", offset="0") for source in way]
        page = _EITHER.format(pages=" UNION ALL ".join(f"({part})" for part in parts))
    return _FIND.format(columns=", ".join(f"c.{name}" for name in _CARD), page=page)


def _page(shape: Shape, source: Source, *, limit: str, offset: str) -> str:
    text = _IN_ORDER if source.order else _COLLECTED
    card = _CARD_OF_ROW.format(
        columns=", ".join(f"c.{name}" for name in _CARD),
        card_id=source.card_id if source.order else "d.id",
        person=person(shape),
        condition=condition(shape),
    )
    return text.format(
        order=source.order,
        rows=source.rows,
        where=source.where,
        card_id=source.card_id,
        card=card,
        limit=limit,
        offset=offset,
    )


@lru_cache(maxsize=KINDS)
def _counts_text(sources: tuple[Source, ...]) -> str:
    counts = [_COUNT.format(rows=source.rows, where=source.where, few=source.few) for source in sources]
    return _COUNTS.format(counts=", ".join(counts))


@lru_cache(maxsize=KINDS)
def _children_text(shape: Shape) -> str:
    columns = ", ".join(f"h.{name}" for name in _CHILD)
    return _CHILDREN.format(columns=columns, person=child_person(shape), condition=child_condition(shape))


def _found(row: tuple[Any, ...]) -> FoundCard:
    card = dict(zip(_CARD, row, strict=True))
    return FoundCard(**card | {"status": CardStatus(card["status"])})
