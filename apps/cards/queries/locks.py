"""The lock statements of cards. They return only columns that never change."""

from collections.abc import Collection, Sequence

from apps.cards.queries.numbers import named, places
from apps.requestlog.unit import Lock

_FAMILIES = """SELECT w.id FROM ledger_wallet w WHERE w.brand_id = %(brand)s AND {mine} AND w.id IN
 (SELECT c.family_id FROM cards_card c WHERE c.brand_id = %(brand)s AND c.number IN ({numbers}))
 ORDER BY w.id FOR NO KEY UPDATE OF w"""

# Not "or": the planner would walk through all wallets of the brand. Not a join with both: of a wallet that had to be
# waited for, PostgreSQL would ask once more whether it is joined, and may lose it over that.
_FAMILIES_AND = """SELECT w.id FROM ledger_wallet w WHERE w.brand_id = %(brand)s AND {mine} AND w.id = ANY(ARRAY(
 SELECT c.family_id FROM cards_card c WHERE c.brand_id = %(brand)s AND c.number IN ({numbers})
 UNION ALL SELECT unnest(%(also)s::bigint[]))) ORDER BY w.id FOR NO KEY UPDATE OF w"""

_CARD = """SELECT c.id FROM cards_card c WHERE c.brand_id = %(brand)s AND c.number = %(number)s AND {mine}
 FOR NO KEY UPDATE OF c"""

_FREE_CARD = """SELECT c.id FROM cards_card c WHERE c.brand_id = %(brand)s AND c.card_set_id = %(card_set)s
 AND c.status = 1 AND c.shuffle >= %(from)s AND {mine} ORDER BY c.shuffle LIMIT 1 FOR NO KEY UPDATE OF c SKIP LOCKED"""


def lock_families(numbers: Sequence[str], *, also: Collection[int] = ()) -> Lock:
    """The root wallets of the named cards (and `also` these), in the order of their ids. Unknown and inactive cards
    lock nothing."""
    if also:
        return Lock(_FAMILIES_AND.replace("{numbers}", places(numbers)), {**named(numbers), "also": list(also)})
    return Lock(_FAMILIES.replace("{numbers}", places(numbers)), named(numbers))


def lock_card(number: str) -> Lock:
    """The card's own row, for a card that has no wallet yet."""
    return Lock(_CARD, {"number": number})


def lock_free_card(card_set_id: int, *, drawn: int) -> Lock:
    """The first inventory card of a set at or after the random number `drawn` that nobody else is taking."""
    return Lock(_FREE_CARD, {"card_set": card_set_id, "from": drawn})
