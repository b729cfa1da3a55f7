"""What updateAccount reads of a card's people: one statement, whatever the call wants to change."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from apps.customers.core.customer import Demographics
from apps.customers.core.fields import BrandField
from apps.customers.core.lists import OUT, ChannelList, ListState
from apps.customers.core.third_parties import LINK_COLUMNS, Link
from apps.kernel.db.hot import Cursor

_COLUMNS = tuple(field.name for field in fields(Demographics))

# What comes as JSON holds no amounts: JSON numbers would become floats.
_READ = f"""SELECT
 CASE WHEN %(new_primary)s THEN nextval('customers_customer_id_seq') END,
 CASE WHEN %(new_alternate)s THEN nextval('customers_customer_id_seq') END,
 p.id, {", ".join(f"p.{name}" for name in _COLUMNS)},
 a.id, {", ".join(f"a.{name}" for name in _COLUMNS)},
 (SELECT jsonb_agg(jsonb_build_array(f.id, f.code, f.data_type, f.is_multiple, f.choices,
   (SELECT jsonb_agg(v.value ORDER BY v.no) FROM customers_fieldvalue v
    WHERE v.brand_id = f.brand_id AND v.customer_id = %(primary)s AND v.field_id = f.id)))
  FROM customers_demographicfield f
  WHERE f.brand_id = k.brand_id AND f.is_active AND f.code = ANY(%(fields)s::text[])),
 (SELECT jsonb_agg(jsonb_build_array(t.third_party, {", ".join(f"t.{name}" for name in LINK_COLUMNS)}))
  FROM customers_thirdpartylink t
  WHERE t.brand_id = k.brand_id AND t.customer_id = %(primary)s AND t.third_party = ANY(%(third_parties)s::text[])),
 (SELECT jsonb_agg(jsonb_build_array(s.id, s.uuid, s.channel, s.name, s.is_active,
   o.opt_in, o.is_pending, o.is_confirmed)) FROM customers_subscriptionlist s
  LEFT JOIN customers_listoptin o ON o.brand_id = s.brand_id AND o.list_id = s.id AND o.customer_id = %(primary)s
  WHERE s.brand_id = k.brand_id AND s.channel = ANY(%(third_parties)s::text[])),
 (SELECT array_agg(e.category_id) FROM customers_eventtype e WHERE e.brand_id = k.brand_id AND e.root_type = 'CUSTOM'
  AND e.is_active AND e.category_id = ANY(%(categories)s::text[]))
 FROM brands_clock k
 LEFT JOIN customers_customer p ON p.brand_id = k.brand_id AND p.id = %(primary)s::bigint
 LEFT JOIN customers_customer a ON a.brand_id = k.brand_id AND a.id = %(alternate)s::bigint
 WHERE k.brand_id = %(brand)s"""

_END = 2 + 2 * (1 + len(_COLUMNS))
_PRIMARY, _ALTERNATE = slice(2, _END // 2 + 1), slice(_END // 2 + 1, _END)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleQuery:
    """What to read. The ids are those of the customers that the card has; `new_*`: draw an id for one that it will
    get. Field codes, third parties and event categories are those that the call names."""

    primary_id: int | None
    alternate_id: int | None
    new_primary: bool
    new_alternate: bool
    fields: Sequence[str]
    third_parties: Sequence[str]
    categories: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A customer as stored, or (`is_new`) one that is still to be written. `id` None: there is none, and none is
    wanted."""

    id: int | None
    is_new: bool
    demographics: Demographics


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleRead:
    """What was found, of this brand only. Fields by code, links by third party."""

    primary: Person
    alternate: Person
    fields: dict[str, BrandField]
    links: dict[str, Link]
    lists: Sequence[ChannelList]
    categories: frozenset[str]


def read_people(cursor: Cursor, *, brand_id: int, query: PeopleQuery) -> PeopleRead:
    """Read under the lock of the card's family."""
    params = {
        "brand": brand_id,
        "primary": query.primary_id,
        "alternate": query.alternate_id,
        "new_primary": query.new_primary,
        "new_alternate": query.new_alternate,
        "fields": list(query.fields),
        "third_parties": list(query.third_parties),
        "categories": list(query.categories),
    }
    row = cursor.execute(_READ, params, binary=True).fetchone()  # Django leaves jsonb that comes as text unread
    assert row is not None, "a brand has a clock"
    own_fields, links, lists, categories = row[_END:]
    return PeopleRead(
        primary=_person(row[_PRIMARY], query.primary_id, row[0]),
        alternate=_person(row[_ALTERNATE], query.alternate_id, row[1]),
        fields={field.code: field for field in (_field(*each) for each in own_fields or ())},
        links={name: Link(**dict(zip(LINK_COLUMNS, values, strict=True))) for name, *values in links or ()},
        lists=[_list(*each) for each in lists or ()],
        categories=frozenset(categories or ()),
    )


def _person(columns: tuple[Any, ...], known_id: int | None, new_id: int | None) -> Person:
    if known_id is None:
        return Person(id=new_id, is_new=new_id is not None, demographics=Demographics())
    found, *values = columns
    assert found is not None, "a card's customer is gone"
    return Person(id=known_id, is_new=False, demographics=Demographics(**dict(zip(_COLUMNS, values, strict=True))))


def _field(
    id: int, code: str, data_type: str, is_multiple: bool, choices: list[str], values: list[str] | None
) -> BrandField:
    return BrandField(id, code, data_type, is_multiple, choices, tuple(values or ()))


def _list(id: int, uuid: str, channel: str, name: str, is_active: bool, *state: bool | None) -> ChannelList:
    known = OUT if state[0] is None else ListState(*map(bool, state))
    return ChannelList(id=id, uuid=uuid, channel=channel, name=name, is_active=is_active, state=known)
