"""Active cards that an occasion is about, page by page in the order of their ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from apps.cards.core.cards_sought import CardsSought, Span
from apps.cards.core.status import ACTIVE
from apps.customers.core.roles import Role
from apps.kernel.db.hot import Cursor

_IS_ACTIVE = f"c.status IN ({', '.join(str(int(each)) for each in sorted(ACTIVE))})"

# Each part finds its cards in an index of its own. Nothing but that index may look good to the planner, which does not
# know how many cards a brand has: hence OFFSET 0 before the ids are compared, and ids in an array instead of a join.
_EVERYONE = f"""SELECT c.id FROM cards_card c WHERE c.brand_id = %(brand)s AND {_IS_ACTIVE} AND c.id > %(above)s
   ORDER BY c.id LIMIT %(limit)s"""
_BORN = f"""SELECT b.id FROM unnest(%(born)s::numeric[], %(born_until)s::date[]) u (day, until) CROSS JOIN LATERAL (
    SELECT p.card_id AS id FROM customers_customer p WHERE p.brand_id = %(brand)s AND p.role = {int(Role.PRIMARY)}
     AND EXTRACT(MONTH FROM p.birthday) * 100 + EXTRACT(DAY FROM p.birthday) = u.day AND p.birthday <= u.until
     AND p.card_id > %(above)s ORDER BY p.card_id LIMIT %(limit)s) b
   ORDER BY b.id LIMIT %(limit)s"""
_SINCE = """SELECT a.id FROM unnest(%({what})s::timestamptz[], %({what}_until)s::timestamptz[]) u (since, until)
   CROSS JOIN LATERAL (SELECT c.id FROM cards_card c WHERE c.brand_id = %(brand)s AND c.{what}_at >= u.since
     AND c.{what}_at < u.until OFFSET 0) a
   WHERE a.id > %(above)s ORDER BY a.id LIMIT %(limit)s"""
_PARTS = {
    "everyone": _EVERYONE,
    "born": _BORN,
    "enrolled": _SINCE.replace("{what}", "enrolled"),
    "activated": _SINCE.replace("{what}", "activated"),
}
_PAGE = f"""SELECT c.id, c.number, c.family_id, {_IS_ACTIVE} FROM cards_card c
 WHERE c.brand_id = %(brand)s AND c.id = ANY(ARRAY(
  SELECT y.id FROM (({{parts}})) y ORDER BY y.id LIMIT %(limit)s)) ORDER BY c.id"""
_NAMED = f"""SELECT c.id, c.number, c.family_id FROM cards_card c
 WHERE c.brand_id = %(brand)s AND c.id = ANY(%(ids)s) AND {_IS_ACTIVE} ORDER BY c.id"""


@dataclass(frozen=True, slots=True)
class FoundCard:
    """An active card, as it was when it was read without a lock."""

    id: int
    number: str
    family_id: int


@dataclass(frozen=True, slots=True)
class FoundPage:
    """Cards with ids up to `last_id`; whether there are no more."""

    cards: list[FoundCard]
    last_id: int
    is_last: bool


def sought_cards(cursor: Cursor, *, brand_id: int, sought: CardsSought, above: int, limit: int) -> FoundPage:
    """The next page: at most `limit` cards with an id above `above`. One statement; none for nobody."""
    if not sought:
        return FoundPage([], above, is_last=True)
    params, parts = _asked(sought)
    params |= {"brand": brand_id, "above": above, "limit": limit}
    rows = cursor.execute(_text(parts), params).fetchall()
    cards = [FoundCard(*row[:3]) for row in rows if row[3]]
    return FoundPage(cards, rows[-1][0] if rows else above, is_last=len(rows) < limit)


def cards_by_id(cursor: Cursor, *, brand_id: int, ids: Sequence[int]) -> list[FoundCard]:
    """Those of these cards that are active."""
    return [FoundCard(*row) for row in cursor.execute(_NAMED, {"brand": brand_id, "ids": list(ids)})] if ids else []


def _asked(sought: CardsSought) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The parts of the statement that are needed, and their parameters."""
    if sought.everyone:
        return {}, ("everyone",)
    params: dict[str, Any] = {}
    for name, pairs in (("born", sought.birthdays), ("enrolled", sought.enrolled), ("activated", sought.activated)):
        if pairs:
            params |= _columns(name, pairs)
    return params, tuple(name for name in _PARTS if name in params)


def _columns(name: str, pairs: Sequence[tuple[int, Any]] | Sequence[Span]) -> dict[str, Any]:
    first, last = zip(*pairs, strict=True)
    return {name: list(first), f"{name}_until": list(last)}


@cache
def _text(parts: tuple[str, ...]) -> str:
    return _PAGE.format(parts=")\n  UNION (".join(_PARTS[part] for part in parts))
