"""Which calls of the log are about a card and its people."""

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.db.hot import Cursor
from apps.requestlog.fragments import ERASED

_OF_CARD = """SELECT count(*) FROM requestlog_request r WHERE r.brand_id = %(brand)s AND r.card_number = %(card)s
 AND (r.request <> %(erased)s OR r.response <> %(erased)s)"""
# reads the whole log of the brand: no index knows what is in the bodies
_MENTIONS = """SELECT r.id FROM requestlog_request r WHERE r.brand_id = %(brand)s AND r.card_number IS NULL
 AND (convert_from(r.request, 'UTF8') ~* %(pattern)s OR convert_from(r.response, 'UTF8') ~* %(pattern)s)"""


@dataclass(frozen=True, slots=True)
class RequestsAbout:
    """How many calls named the card, and which ones named none but match the pattern: searches, say, by e-mail."""

    of_card: int
    mentions: tuple[UUID, ...]


def requests_about(cursor: Cursor, *, brand_id: int, card_number: str, pattern: str) -> RequestsAbout:
    """Look through the brand's log, without those whose bodies were erased. Takes long where the log is long."""
    row = cursor.execute(_OF_CARD, {"brand": brand_id, "card": card_number, "erased": ERASED}).fetchone()
    assert row is not None
    mentions = cursor.execute(_MENTIONS, {"brand": brand_id, "pattern": pattern})
    return RequestsAbout(row[0], tuple(each[0] for each in mentions))
