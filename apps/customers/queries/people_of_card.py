"""What an erasure must know of the people on a card."""

from dataclasses import dataclass

from apps.customers.core.traces import Traces
from apps.kernel.db.hot import Cursor

_PEOPLE = """SELECT p.id, p.first_name, p.last_name, p.email, p.phone, p.mobile_phone FROM customers_customer p
 WHERE p.brand_id = %(brand)s AND p.card_id = %(card)s"""
_CHANGES = """SELECT DISTINCT e.first_name, e.last_name, e.email, e.phone, e.mobile_phone FROM customers_customerevent e
 WHERE e.brand_id = %(brand)s AND e.pgh_obj_id = ANY(%(ids)s)"""
_COUNTS = """SELECT
 (SELECT count(*) FROM customers_fieldvalue f WHERE f.brand_id = %(brand)s AND f.customer_id = ANY(%(ids)s)),
 (SELECT count(*) FROM customers_thirdpartylink t WHERE t.brand_id = %(brand)s AND t.customer_id = ANY(%(ids)s)),
 (SELECT count(*) FROM customers_listoptin o WHERE o.brand_id = %(brand)s AND o.customer_id = ANY(%(ids)s)),
 (SELECT count(*) FROM customers_customerevent e WHERE e.brand_id = %(brand)s AND e.pgh_obj_id = ANY(%(ids)s))"""


@dataclass(frozen=True, slots=True)
class PeopleOfCard:
    """The customers of a card in all roles, its children's too; what they are and were known by; and how many rows
    hang on them: values of the brand's fields, links, opt-ins to lists, earlier states."""

    ids: tuple[int, ...]
    traces: Traces
    field_values: int
    links: int
    list_opt_ins: int
    changes: int


def people_of_card(cursor: Cursor, *, brand_id: int, card_id: int) -> PeopleOfCard:
    """Read under the lock of the card's family, or for a preview without it."""
    people = cursor.execute(_PEOPLE, {"brand": brand_id, "card": card_id}).fetchall()
    ids = tuple(row[0] for row in people)
    params = {"brand": brand_id, "ids": list(ids)}
    changes = cursor.execute(_CHANGES, params).fetchall()
    counts = cursor.execute(_COUNTS, params).fetchone()
    assert counts is not None
    return PeopleOfCard(ids, Traces.of([row[1:] for row in people] + changes), *counts)
