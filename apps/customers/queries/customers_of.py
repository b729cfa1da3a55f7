"""Customers as a search shows them: who they are, their links to third parties, the brand's own fields."""

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from uuid import UUID

from apps.customers.core.customer import Demographics
from apps.customers.core.lists import ListState
from apps.customers.core.third_parties import LINK_COLUMNS, Link
from apps.kernel.db.hot import Cursor

_COLUMNS = tuple(each.name for each in fields(Demographics))
_CUSTOMERS = f"""SELECT id, {", ".join(_COLUMNS)} FROM customers_customer
 WHERE brand_id = %(brand)s AND id = ANY(%(customers)s)"""

_LINKS = f"""SELECT customer_id, third_party, {", ".join(LINK_COLUMNS)} FROM customers_thirdpartylink
 WHERE brand_id = %(brand)s AND customer_id = ANY(%(customers)s) ORDER BY customer_id, third_party"""
_LISTS = """SELECT o.customer_id, s.channel, s.uuid, s.name, o.opt_in, o.is_pending, o.is_confirmed, o.source_id
 FROM customers_listoptin o JOIN customers_subscriptionlist s ON s.brand_id = o.brand_id AND s.id = o.list_id
 WHERE o.brand_id = %(brand)s AND o.customer_id = ANY(%(customers)s) ORDER BY o.customer_id, s.id"""

_VALUES = """SELECT v.customer_id, f.code, f.data_type, f.is_multiple, array_agg(v.value ORDER BY v.no)
 FROM customers_fieldvalue v JOIN customers_demographicfield f ON f.brand_id = v.brand_id AND f.id = v.field_id
 WHERE v.brand_id = %(brand)s AND v.customer_id = ANY(%(customers)s) AND f.is_active
 GROUP BY v.customer_id, f.id, f.code, f.data_type, f.is_multiple ORDER BY v.customer_id, f.id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOptInSeen:
    """A customer's opt-in to one list; `source_id` is the client's own reference."""

    uuid: UUID
    name: str
    state: ListState
    source_id: str | None


@dataclass(frozen=True, slots=True)
class LinkSeen:
    """A customer's link to a third party, with the lists of the channel that it is."""

    third_party: str
    link: Link
    lists: list[ListOptInSeen] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """What a customer has in a field of the brand's own, as text; one value unless the field is multiple."""

    code: str
    data_type: str
    is_multiple: bool
    values: list[str]


def customers_of(cursor: Cursor, *, brand_id: int, customer_ids: Collection[int]) -> dict[int, Demographics]:
    """The customers as stored, by id. One statement, none for nobody."""
    if not customer_ids:
        return {}
    rows = cursor.execute(_CUSTOMERS, {"brand": brand_id, "customers": list(customer_ids)})
    return {id: Demographics(**dict(zip(_COLUMNS, values, strict=True))) for id, *values in rows}


def links_of(
    cursor: Cursor, *, brand_id: int, customer_ids: Collection[int], with_lists: bool
) -> dict[int, list[LinkSeen]]:
    """The links to third parties, by customer. One statement, and one more for the lists."""
    found: dict[int, list[LinkSeen]] = {}
    if not customer_ids:
        return found
    params = {"brand": brand_id, "customers": list(customer_ids)}
    for customer_id, third_party, *values in cursor.execute(_LINKS, params):
        link = Link(**dict(zip(LINK_COLUMNS, values, strict=True)))
        found.setdefault(customer_id, []).append(LinkSeen(third_party, link))
    if with_lists:
        for customer_id, channel, uuid, name, opt_in, pending, confirmed, source_id in cursor.execute(_LISTS, params):
            seen = ListOptInSeen(uuid=uuid, name=name, state=ListState(opt_in, pending, confirmed), source_id=source_id)
            for each in found.get(customer_id, []):
                if each.third_party == channel:
                    each.lists.append(seen)
    return found


def fields_of(cursor: Cursor, *, brand_id: int, customer_ids: Collection[int]) -> dict[int, list[FieldSeen]]:
    """The values of the brand's own fields that are in use, by customer. One statement."""
    found: dict[int, list[FieldSeen]] = {}
    if customer_ids:
        for customer_id, *values in cursor.execute(_VALUES, {"brand": brand_id, "customers": list(customer_ids)}):
            found.setdefault(customer_id, []).append(FieldSeen(*values))
    return found
