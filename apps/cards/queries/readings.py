"""What else campaigns and checkouts ask of cards: readings for the one read statement."""

from collections.abc import Sequence
from datetime import datetime

from apps.cards.core.events import CUSTOM
from apps.kernel.readings import Reading

_EVENTS = """WITH RECURSIVE line (past_id) AS (
  SELECT {whose}
  UNION ALL
  SELECT t.source_wallet_id FROM line l
  JOIN cards_transfer t ON t.brand_id = %(brand)s AND t.target_wallet_id = l.past_id)
 SELECT jsonb_agg(jsonb_build_array(u.category, u.key, (SELECT count(*) FROM line l JOIN cards_event e
   ON e.brand_id = %(brand)s AND e.wallet_id = l.past_id AND e.root_type = %(event_root)s AND e.category_id = u.category
   AND e.happened_at >= u.since AND e.removed_by IS NULL)))
 FROM unnest(%(event_categories)s::text[], %(event_windows)s::text[], %(event_since)s::timestamptz[])
  u (category, key, since)"""

_REFERRING = """SELECT jsonb_build_array(x.family_id) FROM cards_card x
 WHERE x.brand_id = %(brand)s AND x.number = %(referring)s"""

_ACTIVATED = "SELECT {since}"

# without a card there is still a brand
_PRINTED = """SELECT jsonb_strip_nulls(jsonb_build_object('brandName', b.name, 'childCardNumber', k.number,
  'customCardNumber', c.custom_number, 'cardSetName', s.name))
 FROM brands_brand b LEFT JOIN ledger_wallet w ON w.brand_id = b.id AND w.id = {whose}
 LEFT JOIN cards_card c ON c.brand_id = w.brand_id AND c.wallet_id = coalesce(w.root_id, w.id)
 LEFT JOIN cards_childcard k ON k.brand_id = w.brand_id AND k.wallet_id = w.id
 LEFT JOIN programs_cardset s ON s.brand_id = c.brand_id AND s.id = c.card_set_id WHERE b.id = %(brand)s"""


def events(wanted: Sequence[tuple[str, str, datetime]]) -> Reading:
    """`[[category, window, count], ...]` for categories, windows, and the moments at which these begin. Events that
    were taken back do not count."""
    categories, windows, since = (list(each) for each in zip(*wanted, strict=True))
    params = {
        "event_root": CUSTOM,
        "event_categories": categories,
        "event_windows": windows,
        "event_since": since,
    }
    return Reading("events", _EVENTS, params)


def referring(number: str) -> Reading:
    """`[family]` of the card that referred the customer (its family is NULL before activation), or nothing."""
    return Reading("referring", _REFERRING, {"referring": number})


def activated() -> Reading:
    """When the card was activated."""
    return Reading("activated", _ACTIVATED)


def printed() -> Reading:
    """What texts can say of brand and card: `{brandName, childCardNumber, customCardNumber, cardSetName}`, without what
    there is not."""
    return Reading("printed", _PRINTED)
