"""The global search by people: who has these letters or digits somewhere in the name, e-mail address or phone.

The index of all parts (pg_trgm) is asked only where the newest people do not fill the list: of what fits many people,
it would collect all. It is not asked for beginnings of names in the API either: there, an index in their order is
faster (2 ms against 9 for 36,000 of a million people) and holds the card's id.
"""

import re
from dataclasses import dataclass

from apps.brands.models import Brand
from apps.kernel.db.hot import hot_cursor

MOST = 20
"""People that are listed."""
SHORTEST = 3
"""Characters that the index needs."""
PHONE_DIGITS = 9
"""A phone without its country is whole with so many digits."""
_NEWEST = 3_000
_LOOKED_AT = 300
_MANY_DIGITS = re.compile(r"\d{5,}", re.ASCII)
_PHONE = re.compile(r"[\d\s()+./-]+", re.ASCII)

_PARTS = "lower(d.first_name || ' ' || d.last_name || ' ' || d.email || ' ' || d.phone || ' ' || d.mobile_phone)"
# whoever may not see a name must not guess it letter by letter
_WHOLE = f"""(lower(%(text)s) IN (lower(d.email), lower(d.first_name || ' ' || d.last_name))
 OR (length(%(text)s) >= {PHONE_DIGITS} AND %(text)s IN (right(d.phone, length(%(text)s)),
  right(d.mobile_phone, length(%(text)s)))))"""
_FITS = f"""{_PARTS} LIKE lower(%(pattern)s) AND strpos({_PARTS}, lower(%(text)s)) > 0
 AND (NOT %(whole)s OR {_WHOLE})"""
_IS_VISIBLE = """(%(locations)s::bigint[] IS NULL
 OR EXISTS (SELECT FROM ledger_wallet w WHERE w.brand_id = c.brand_id AND w.id = c.family_id
  AND w.owner_location_id = ANY(%(locations)s))
 OR EXISTS (SELECT FROM requestlog_operation o WHERE o.brand_id = c.brand_id AND o.family_id = c.family_id
  AND o.location_id = ANY(%(locations)s)))"""
_COLUMNS = "d.id, d.brand_id, d.card_id, d.first_name, d.last_name, d.email, d.phone, d.mobile_phone"
# `brand_id + 0`: the planner would fetch all people of the brand by another index, and intersect.
_PEOPLE = f"""WITH newest AS MATERIALIZED (SELECT {_COLUMNS} FROM
  (SELECT a.* FROM customers_customer a WHERE a.brand_id = %(brand)s ORDER BY a.id DESC LIMIT %(newest)s) d
  WHERE {_FITS} LIMIT %(looked_at)s),
 others AS MATERIALIZED (SELECT {_COLUMNS} FROM customers_customer d WHERE d.brand_id + 0 = %(brand)s AND {_FITS}
  AND (SELECT count(*) < %(most)s FROM newest) LIMIT %(looked_at)s)
 SELECT h.id, c.number, h.first_name, h.last_name, h.email, h.phone, h.mobile_phone
 FROM (SELECT * FROM newest UNION SELECT * FROM others) h
 JOIN cards_card c ON c.brand_id = h.brand_id AND c.id = h.card_id
 WHERE {_IS_VISIBLE} ORDER BY h.id DESC LIMIT %(most)s"""


@dataclass(frozen=True, slots=True)
class PersonFound:
    """A customer of a card, or of one of its child cards. Empty text: not known."""

    id: int
    card_number: str
    first_name: str
    last_name: str
    email: str
    phone: str
    mobile_phone: str


def find_people(*, brand: Brand, locations: frozenset[int] | None, text: str, only_whole: bool) -> list[PersonFound]:
    """People that fit, the newest first; at most MOST, none for less than SHORTEST characters. One statement.

    `only_whole`: the text must be all of a name, e-mail address or phone, for a login that may not see them. Case does
    not matter, nor how a phone is written. A login that is restricted to `locations` finds people of cards that belong
    there or were changed there; it looks at some hundred people that fit, so that it may have to type more where very
    many do.
    """
    wanted = re.sub(r"\D", "", text) if _PHONE.fullmatch(text) else text.strip()
    if len(wanted) < SHORTEST:
        return []
    params = {
        "brand": brand.pk,
        "locations": sorted(locations) if locations is not None else None,
        "text": wanted,
        "whole": only_whole,
        "pattern": f"%{_escaped(_rare_piece(wanted))}%",
        "newest": _NEWEST,
        "looked_at": MOST if locations is None else _LOOKED_AT,
        "most": MOST,
    }
    return [PersonFound(*row) for row in hot_cursor().execute(_PEOPLE, params)]


def _rare_piece(text: str) -> str:
    """What the index is asked for: the letters around it may be those of very many, above all an e-mail's domain."""
    if digits := _MANY_DIGITS.search(text):
        return digits[0]
    name, _, _ = text.partition("@")
    return name if len(name) >= SHORTEST else text


def _escaped(text: str) -> str:
    """The text without wildcards."""
    return re.sub(r"([\\%_])", r"\\\1", text)
