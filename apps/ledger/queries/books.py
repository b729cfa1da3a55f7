"""The questions of the books: what is owed, what is on its way, what happened. Demo cards owe nothing to anybody."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.kernel.db.hot import hot_cursor
from apps.ledger.core.kinds import EntryKind

_LIABILITY = """SELECT e.owner_location_id, e.program_id, e.card_set_id, e.value_type_id, sum(e.amount)
 FROM ledger_entry e WHERE e.brand_id = %(brand)s AND e.booked_on <= %(day)s AND NOT e.is_demo
 GROUP BY e.owner_location_id, e.program_id, e.card_set_id, e.value_type_id HAVING sum(e.amount) <> 0
 ORDER BY e.owner_location_id, e.program_id, e.card_set_id, e.value_type_id"""

# a card can be transferred into another program, whose value type of the same kind is another row
_TRANSIT = """SELECT v.balance_type, v.balance_code, -sum(e.amount) FROM ledger_entry e
 JOIN programs_valuetype v ON v.brand_id = e.brand_id AND v.id = e.value_type_id
 WHERE e.brand_id = %(brand)s AND e.kind IN (7, 8) AND e.booked_on <= %(day)s AND NOT e.is_demo
 GROUP BY v.balance_type, v.balance_code HAVING sum(e.amount) <> 0 ORDER BY v.balance_type, v.balance_code"""

# holds and releases move nothing in or out; a void is told apart by the kind of what it undoes
_ACTIVITY = """SELECT e.location_id, e.kind, o.kind, e.value_type_id, count(*), sum(e.amount) FROM ledger_entry e
 LEFT JOIN ledger_entry o ON (o.brand_id, o.wallet_id, o.seq) = (e.brand_id, e.wallet_id, e.reverses_seq)
 WHERE e.brand_id = %(brand)s AND e.booked_on BETWEEN %(first)s AND %(last)s AND NOT e.is_demo
   AND e.kind NOT IN (3, 4) AND (o.kind IS NULL OR o.kind NOT IN (3, 4))
 GROUP BY e.location_id, e.kind, o.kind, e.value_type_id
 ORDER BY e.location_id, e.kind, o.kind, e.value_type_id"""


@dataclass(frozen=True, slots=True)
class Owed:
    """Outstanding value of one type on the cards of one owner, program and set; held and delayed value is owed too."""

    owner_location_id: int
    program_id: int
    card_set_id: int
    value_type_id: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class InTransit:
    """Value that left one card and has not arrived on another. It is owed beside what cards hold."""

    balance_type: str
    balance_code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Activity:
    """Movements of one kind at one location (None: not at a till). `undoes` is the kind that a void took back.

    `count` counts entries, of which one business movement may have several.
    """

    location_id: int | None
    kind: EntryKind
    undoes: EntryKind | None
    value_type_id: int
    count: int
    amount: Decimal


def liability(*, brand_id: int, day: date) -> list[Owed]:
    """What is owed at the end of a day in the books, by owning location, program, card set and value type."""
    rows = hot_cursor().execute(_LIABILITY, {"brand": brand_id, "day": day})
    return [Owed(*row) for row in rows]


def in_transit(*, brand_id: int, day: date) -> list[InTransit]:
    """What was between two cards at the end of a day in the books."""
    rows = hot_cursor().execute(_TRANSIT, {"brand": brand_id, "day": day})
    return [InTransit(*row) for row in rows]


def activity(*, brand_id: int, first: date, last: date) -> list[Activity]:
    """What was issued, redeemed, expired and so on, on the days from `first` to `last`, by acting location."""
    rows = hot_cursor().execute(_ACTIVITY, {"brand": brand_id, "first": first, "last": last})
    return [
        Activity(location_id, EntryKind(kind), None if undoes is None else EntryKind(undoes), *rest)
        for location_id, kind, undoes, *rest in rows
    ]
