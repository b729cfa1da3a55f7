"""Which calls of the log are about a card and its people."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.kernel.db.hot import Cursor, roll_back
from apps.requestlog.core.kinds import METHOD_NUMBERS
from apps.requestlog.fragments import ERASED

_OF_CARD = """SELECT count(*) FROM requestlog_request r WHERE r.brand_id = %(brand)s AND r.card_number = %(card)s
 AND (r.request <> %(erased)s OR r.response <> %(erased)s)"""
# Reads the whole log of the brand: no index knows what is in the bodies. A search that named another card may have
# looked for this person too.
_MENTIONS = """SELECT r.id FROM requestlog_request r WHERE r.brand_id = %(brand)s
 AND (r.card_number IS NULL OR r.method = %(search)s AND r.card_number <> %(card)s)
 AND (convert_from(r.request, 'UTF8') ~* ANY(%(patterns)s::text[])
  OR convert_from(r.response, 'UTF8') ~* ANY(%(patterns)s::text[]))"""
_TOGETHER = 16
"""So many expressions are looked for at once: PostgreSQL keeps 32 of them prepared."""


@dataclass(frozen=True, slots=True)
class RequestsAbout:
    """How many calls named the card, and which ones named none, or are searches that named another one, but match a
    pattern: searches, say, by e-mail."""

    of_card: int
    mentions: tuple[UUID, ...]


def requests_about(cursor: Cursor, *, brand_id: int, card_number: str, patterns: Sequence[str]) -> RequestsAbout:
    """Look through the brand's log, without those whose bodies were erased. Takes long where the log is long: there is
    no limit of time. No transaction may be open."""
    params = {"brand": brand_id, "card": card_number, "erased": ERASED, "search": METHOD_NUMBERS["search"]}
    found: dict[UUID, None] = {}
    cursor.execute("BEGIN READ ONLY")
    try:
        cursor.execute("SET LOCAL statement_timeout = 0")
        row = cursor.execute(_OF_CARD, params).fetchone()
        for start in range(0, len(patterns), _TOGETHER):
            some = params | {"patterns": list(patterns[start : start + _TOGETHER])}
            found |= {each[0]: None for each in cursor.execute(_MENTIONS, some)}
    finally:
        roll_back(cursor)
    assert row is not None
    return RequestsAbout(row[0], tuple(found))
