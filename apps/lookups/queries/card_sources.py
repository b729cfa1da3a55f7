"""The texts of the search: for each filter a condition on a card, and a source that finds the cards that match it.

Most sources are indexes whose last column is the card's id, so that a page costs what it shows, however many cards
match. The planner must not prefer to walk through all cards until the page is full, nor to fetch all matches and sort
them. So a source is ordered by the indexed expression too, which only that index provides, and the expression is
compared by BETWEEN: what is equal to a constant would be left out of the order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from apps.cards.core.status import ACTIVE
from apps.customers.core.roles import Role
from apps.lookups.core.card_filters import MOST_DEMOGRAPHICS

KINDS = 1_000
"""Kinds of searches whose texts a process remembers. Filters can be put together in millions of ways."""
FEW, FEW_TO_SORT = "few", "few_to_sort"
"""Names of parameters: of how many rows nobody needs to know more than that they are many."""

IS_ACTIVE = f"c.status IN ({', '.join(str(int(status)) for status in sorted(ACTIVE))})"
_LAST = r"U&'\+10FFFF'"
"""Sorts after whatever can follow a prefix."""


@dataclass(frozen=True, slots=True)
class Source:
    """Rows `d` of one index, and the card that each of them names.

    `order` ends with the card's id; without one the cards come in no order and are collected first. `decides`: it never
    finds many, and nothing need be compared with it. `few`: the parameter up to which its rows are counted.
    """

    rows: str
    where: str
    card_id: str = "d.card_id"
    order: str = ""
    decides: bool = False
    few: str = FEW


@dataclass(frozen=True, slots=True)
class Shape:
    """What the text of a search depends on: names of filters, those of child cards, and how they go together."""

    filters: tuple[str, ...]
    children: tuple[str, ...]
    all_must_match: bool
    in_sets: bool
    shows_inactive: bool


EVERY_CARD = Source(
    "cards_card d",
    # As an equation, the brand would be a constant to the planner: any index by id would do, inventory first.
    f"d.brand_id = ANY(ARRAY[%(brand)s::bigint]) AND {IS_ACTIVE.replace('c.', 'd.')}",
    card_id="d.id",
    order="d.brand_id, d.id",
)
EVERY_CARD_OF_SETS = Source(
    f"""unnest(%(sets)s::bigint[]) s (id) CROSS JOIN LATERAL (SELECT a.id FROM cards_card a
 WHERE a.brand_id = %(brand)s AND a.card_set_id BETWEEN s.id AND s.id AND {IS_ACTIVE.replace("c.", "a.")}
 ORDER BY a.card_set_id, a.id LIMIT %(offset)s::int + %(limit)s::int) d""",
    "true",
    card_id="d.id",
    decides=True,
)
SETS = Source(
    "cards_card d",
    f"d.brand_id = %(brand)s AND d.card_set_id = ANY(%(sets)s) AND {IS_ACTIVE.replace('c.', 'd.')}",
    card_id="d.id",
    few=FEW_TO_SORT,
)

_NUMBERS = {
    "card_number": Source(
        "cards_card d", "d.brand_id = %(brand)s AND d.number = %(card_number)s", card_id="d.id", decides=True
    ),
    "custom_number": Source(
        "cards_card d",
        "d.brand_id = %(brand)s AND d.custom_number BETWEEN %(custom_number)s AND %(custom_number)s",
        card_id="d.id",
        order="d.custom_number, d.id",
    ),
    "child_card_number": Source(
        "cards_childcard d",
        "d.brand_id = %(brand)s AND d.number = %(child_card_number)s",
        card_id="(SELECT r.id FROM cards_card r WHERE r.brand_id = d.brand_id AND r.wallet_id = d.family_id)",
    ),
}
# Indexed expression of a person, the text it must have, and the condition of the index.
_PEOPLE = {
    "email": ("lower({t}.email)", "lower(%({x}email)s)", "{t}.email <> ''"),
    "phone": ("{t}.phone", "%({x}phone)s::text", "{t}.phone <> ''"),
    "mobile_phone": ("{t}.mobile_phone", "%({x}mobile_phone)s::text", "{t}.mobile_phone <> ''"),
    "both_names": (
        r"lower({t}.last_name || E'\n' || {t}.first_name)",
        r"lower(%({x}last_name)s || E'\n' || %({x}first_name)s)",
        "{t}.last_name <> ''",
    ),
    "last_name": ("lower({t}.last_name)", "lower(%({x}last_name)s)", "{t}.last_name <> ''"),
    "first_name": ("lower({t}.first_name)", "lower(%({x}first_name)s)", "{t}.first_name <> ''"),
}
_LAST_PREFIX = f"""lower(d.last_name) ~>=~ lower(%({{x}}last_name_prefix)s)
 AND lower(d.last_name) ~<~ (lower(%({{x}}last_name_prefix)s) || {_LAST})"""
_PREFIXES = {
    # The first name is no range here: to skip through the index for each last name looks dear to the planner.
    "both_prefixes": f"""{_LAST_PREFIX}
 AND left(lower(d.first_name), length(lower(%({{x}}first_name_prefix)s))) = lower(%({{x}}first_name_prefix)s)""",
    "last_name_prefix": _LAST_PREFIX,
    "first_name_prefix": f"""lower(d.first_name) COLLATE "C" >= lower(%({{x}}first_name_prefix)s)
 AND lower(d.first_name) COLLATE "C" < (lower(%({{x}}first_name_prefix)s) || {_LAST})""",
}
_FIELD = """(SELECT f.id FROM customers_demographicfield f
  WHERE f.brand_id = %(brand)s AND f.is_active AND f.code = %({x}{name}_field)s)"""

_PAIRS = {
    frozenset({"first_name", "last_name"}): "both_names",
    frozenset({"first_name_prefix", "last_name_prefix"}): "both_prefixes",
}
_BEST_FIRST = (
    "card_number",
    "child_card_number",
    "custom_number",
    "email",
    "phone",
    "mobile_phone",
    "both_names",
    "last_name",
    "first_name",
    *(f"demographic_{place}" for place in range(MOST_DEMOGRAPHICS)),
    "both_prefixes",
    "last_name_prefix",
    "first_name_prefix",
)


@lru_cache(maxsize=KINDS)
def ways(shape: Shape) -> tuple[tuple[Source, ...], ...]:
    """The ways to find all cards that can match, the most promising first: the sources of a way together find them."""
    found: list[tuple[Source, ...]] = []
    for prefix, names in (("", shape.filters), ("child_", shape.children)):
        if shape.all_must_match:
            found += [(source,) for source in _sources(prefix, _paired(names))]
        elif names:
            found.append(_sources(prefix, names))
    if shape.in_sets:
        found.append((SETS,) if found else (EVERY_CARD_OF_SETS,))
    return tuple(found) or ((EVERY_CARD,),)


def _paired(names: Sequence[str]) -> list[str]:
    """The names, where one index answers two filters as one."""
    left = list(names)
    for pair, both in _PAIRS.items():
        if pair <= set(left):
            left = [name for name in left if name not in pair] + [both]
    return left


def _sources(prefix: str, names: Sequence[str]) -> tuple[Source, ...]:
    return tuple(_source(prefix, name) for name in sorted(names, key=_BEST_FIRST.index))


def _source(prefix: str, name: str) -> Source:
    if prefix + name in _NUMBERS:
        return _NUMBERS[prefix + name]
    role = int(Role.CHILD if prefix else Role.PRIMARY)
    where = f"d.brand_id = %(brand)s AND d.role = {role} AND "
    if name in _PREFIXES:
        return Source("customers_customer d", where + _PREFIXES[name].format(x=prefix), few=FEW_TO_SORT)
    if name in _PEOPLE:
        key, value, condition = (text.format(t="d", x=prefix) for text in _PEOPLE[name])
        where += f"{key} BETWEEN {value} AND {value} AND {condition}"
        return Source("customers_customer d", where, order=f"{key}, d.card_id")
    value = f"lower(%({prefix}{name})s)"
    where += f"d.field_id = {_FIELD.format(x=prefix, name=name)} AND lower(d.value) BETWEEN {value} AND {value}"
    return Source("customers_fieldvalue d", where, order="lower(d.value), d.card_id")


@lru_cache(maxsize=KINDS)
def condition(shape: Shape) -> str:
    """Whether a card `c` is to be shown; see `person`."""
    parts = [] if shape.shows_inactive else [IS_ACTIVE]
    if shape.in_sets:
        parts.append("c.card_set_id = ANY(%(sets)s)")
    if shape.filters:
        parts.append(_together(shape.filters, prefix="", holder="c", person="p", joint=shape.all_must_match))
    if shape.children:
        parts.append(f"""EXISTS (SELECT FROM (SELECT h.* FROM cards_childcard h
  WHERE h.brand_id = c.brand_id AND h.family_id = c.family_id OFFSET 0) h {child_person(shape)}
  WHERE {child_condition(shape)})""")
    return " AND ".join(parts) or "true"


@lru_cache(maxsize=KINDS)
def child_condition(shape: Shape) -> str:
    """Whether a child card `h` with its customer `q` matches the filters of child cards."""
    if not shape.children:
        return "true"
    return _together(shape.children, prefix="child_", holder="h", person="q", joint=shape.all_must_match)


def person(shape: Shape) -> str:
    """The join that adds the primary customer `p` to a card `c`, where a filter is about people."""
    return _person("c", "p", shape.filters)


def child_person(shape: Shape) -> str:
    """The same for a child card `h` and its customer `q`."""
    return _person("h", "q", shape.children)


def _person(holder: str, alias: str, names: Sequence[str]) -> str:
    # OFFSET 0 here, and the array below: the planner would rather find the people by what is looked for, again for
    # each card.
    columns = sorted({name.removesuffix("_prefix") for name in names if name in _PEOPLE or name in _PREFIXES})
    if not columns:
        return ""
    return f"""LEFT JOIN LATERAL (SELECT {", ".join(f"{alias}.{column}" for column in columns)}
   FROM customers_customer {alias}
   WHERE {alias}.brand_id = {holder}.brand_id AND {alias}.id = {holder}.customer_id OFFSET 0) {alias} ON true"""


def _together(names: Sequence[str], *, prefix: str, holder: str, person: str, joint: bool) -> str:
    texts = [_holds(name, prefix, holder, person) for name in names]
    return f"({(' AND ' if joint else ' OR ').join(texts)})"


def _holds(name: str, prefix: str, holder: str, person: str) -> str:
    if name == "card_number":
        return f"{holder}.number = %({prefix}card_number)s"
    if name == "custom_number":
        return f"{holder}.custom_number = %({prefix}custom_number)s"
    if name in _PEOPLE:
        key, value, _ = (text.format(t=person, x=prefix) for text in _PEOPLE[name])
        return f"{key} = {value}"
    if name in _PREFIXES:
        return f"starts_with(lower({person}.{name.removesuffix('_prefix')}), lower(%({prefix}{name})s))"
    return f"""lower(%({prefix}{name})s) = ANY(ARRAY(SELECT lower(v.value) FROM customers_fieldvalue v
  WHERE v.brand_id = {holder}.brand_id AND v.customer_id = {holder}.customer_id
  AND v.field_id = {_FIELD.format(x=prefix, name=name)}))"""
