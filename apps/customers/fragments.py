"""The customers' parts of the one write statement.

Who writes under the lock of a card's family may insert and update by ON CONFLICT: nobody else writes these rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from typing import Any

from apps.customers.core.customer import Demographics
from apps.customers.core.event_types import EventTypeFacts
from apps.customers.core.lists import ListWrite
from apps.customers.core.roles import Role
from apps.customers.core.third_parties import LINK_COLUMNS, Link
from apps.kernel.fragments import Fragment

_COLUMNS = tuple(field.name for field in fields(Demographics))
_INSERT = (
    f"INSERT INTO customers_customer (brand_id, id, role, card_id, {', '.join(_COLUMNS)})"
    f" VALUES (%(brand)s, %(id)s, %(role)s, %(card)s, {', '.join(f'%({name})s' for name in _COLUMNS)})"
)
_UPDATE = (
    f"UPDATE customers_customer SET {', '.join(f'{name} = %({name})s' for name in _COLUMNS)}"
    " WHERE brand_id = %(brand)s AND id = %(id)s"
)

_VALUES = """INSERT INTO customers_fieldvalue AS f (brand_id, customer_id, role, card_id, field_id, no, value)
 SELECT %(brand)s, %(customer)s, %(role)s, %(card)s, u.* FROM
 unnest(%(field)s::bigint[], %(no)s::smallint[], %(value)s::text[]) u
 ON CONFLICT (brand_id, customer_id, field_id, no) DO UPDATE SET value = excluded.value
 WHERE f.value <> excluded.value"""
_SURPLUS = """DELETE FROM customers_fieldvalue f USING unnest(%(field)s::bigint[], %(kept)s::smallint[]) u (field, kept)
 WHERE f.brand_id = %(brand)s AND f.customer_id = %(customer)s AND f.field_id = u.field AND f.no > u.kept"""

_LINKS = f"""INSERT INTO customers_thirdpartylink (brand_id, customer_id, changed_at, third_party,
 {", ".join(LINK_COLUMNS)}) SELECT %(brand)s, %(customer)s, %(at)s, u.* FROM unnest(%(third_party)s::text[],
 %(opt_in)s::bool[], %(opt_in_confirmed)s::bool[], %(opt_in_confirmation_required)s::bool[], %(username)s::text[],
 %(payload)s::text[], %(custom_data)s::text[], %(mobile_operator_id)s::text[]) u
 ON CONFLICT (brand_id, customer_id, third_party) DO UPDATE SET changed_at = excluded.changed_at,
 {", ".join(f"{name} = excluded.{name}" for name in LINK_COLUMNS)}"""

_OPT_INS = """INSERT INTO customers_listoptin AS o (brand_id, customer_id, changed_at, list_id, opt_in, is_pending,
 is_confirmed, source_id) SELECT %(brand)s, %(customer)s, %(at)s, u.* FROM unnest(%(list)s::bigint[],
 %(opt_in)s::bool[], %(pending)s::bool[], %(confirmed)s::bool[], %(source)s::text[]) u
 ON CONFLICT (brand_id, customer_id, list_id) DO UPDATE SET changed_at = excluded.changed_at,
 opt_in = excluded.opt_in, is_pending = excluded.is_pending, is_confirmed = excluded.is_confirmed,
 source_id = coalesce(excluded.source_id, o.source_id)"""

# Twins wait for each other and update. The list shows when a type was really changed last.
_EVENT_TYPE = """INSERT INTO customers_eventtype AS e (brand_id, root_type, category_id, name, sentiment, group_type,
 is_active, created_at, modified_at) VALUES (%(brand)s, 'CUSTOM', %(category)s,
 coalesce(%(name)s::text, %(category)s), coalesce(%(sentiment)s::smallint, 0), coalesce(%(group_type)s::text, 'OTHER'),
 true, %(now)s, %(now)s)
 ON CONFLICT ON CONSTRAINT customers_eventtype_ids DO UPDATE SET modified_at = excluded.modified_at,
 name = coalesce(%(name)s::text, e.name), sentiment = coalesce(%(sentiment)s::smallint, e.sentiment),
 group_type = coalesce(%(group_type)s::text, e.group_type)
 WHERE (e.name, e.sentiment, e.group_type) IS DISTINCT FROM (coalesce(%(name)s::text, e.name),
 coalesce(%(sentiment)s::smallint, e.sentiment), coalesce(%(group_type)s::text, e.group_type))"""


def write_customer(
    *, brand_id: int, customer_id: int, is_new: bool, demographics: Demographics, role: Role, card_id: int
) -> Fragment:
    """Insert or replace a person's demographics. `card_id`: the card, or a child's root card."""
    values = dict(zip(_COLUMNS, astuple(demographics), strict=True))
    params = {"brand": brand_id, "id": customer_id} | values
    if is_new:
        params |= {"role": int(role), "card": card_id}
    return Fragment(f"customer_{role.name.lower()}", _INSERT if is_new else _UPDATE, params)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The customer whose rows are written: an id, what the person is to the card, and the card (a child's root)."""

    brand_id: int
    customer_id: int
    role: Role
    card_id: int

    @property
    def key(self) -> dict[str, int]:
        """The parameters that every fragment of a customer needs."""
        return {"brand": self.brand_id, "customer": self.customer_id}


def write_field_values(holder: Holder, values: Mapping[int, Sequence[str]]) -> list[Fragment]:
    """The whole content of some of the brand's fields, by field id. Empty: the field is unset."""
    rows = [(field, no, value) for field, texts in values.items() for no, value in enumerate(texts, 1)]
    new = {name: [row[place] for row in rows] for place, name in enumerate(("field", "no", "value"))}
    kept = {"field": list(values), "kept": [len(texts) for texts in values.values()]}
    who = {"role": int(holder.role), "card": holder.card_id}
    return [
        Fragment("field_values", _VALUES, holder.key | who | new),
        Fragment("surplus_values", _SURPLUS, holder.key | kept),
    ]


def write_links(holder: Holder, links: Mapping[str, Link], *, at: datetime) -> Fragment:
    """Links as they are now, by third party."""
    columns = {name: [getattr(link, name) for link in links.values()] for name in LINK_COLUMNS}
    return Fragment("links", _LINKS, holder.key | {"at": at, "third_party": list(links)} | columns)


def write_list_opt_ins(holder: Holder, opt_ins: Sequence[ListWrite], *, at: datetime) -> Fragment:
    """Opt-ins to lists, each list once."""
    columns: dict[str, list[Any]] = {
        "list": [each.list_id for each in opt_ins],
        "opt_in": [each.state.opt_in for each in opt_ins],
        "pending": [each.state.is_pending for each in opt_ins],
        "confirmed": [each.state.is_confirmed for each in opt_ins],
        "source": [each.source_id for each in opt_ins],
    }
    return Fragment("list_opt_ins", _OPT_INS, holder.key | {"at": at} | columns)


def write_event_type(*, brand_id: int, facts: EventTypeFacts, now: datetime) -> Fragment:
    """An event type of the brand's own: made, or changed where the category exists."""
    params = {
        "brand": brand_id,
        "category": facts.category_id,
        "name": facts.name,
        "sentiment": facts.sentiment,
        "group_type": facts.group_type,
        "now": now,
    }
    return Fragment("event_type", _EVENT_TYPE, params)
