"""Write fragments: each app gives its part of the one write statement, `compose` joins them into one WITH."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

Columns = tuple[tuple[str, str], ...]
"""Names and types of the columns of rows that a fragment writes."""

_SHARED = "brand"
_QUICKLY = "WITH quickly AS (SELECT set_config('synchronous_commit', 'off', true)), "
_PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Fragment:
    """One data-modifying statement. `sql` names its parameters `%(like_this)s`; `name` is unique in the whole.

    No fragment reads what another one writes: all of them see the rows as they were before the statement. What an
    earlier one returns can be read by its name.
    """

    name: str
    sql: str
    params: Mapping[str, Any]


def rows_fragment(
    name: str, sql: str, columns: Columns, values: Mapping[str, Sequence[Any]], params: Mapping[str, Any]
) -> Fragment:
    """A fragment whose `{rows}` stands for a table `u` with these columns; `values` has a list for each of them."""
    is_single = len(values[columns[0][0]]) == 1
    row = {name: each[0] for name, each in values.items()} if is_single else values
    return Fragment(name, _with_rows(sql, columns, is_single), {**params, **row})


@cache
def _with_rows(sql: str, columns: Columns, is_single: bool) -> str:
    # The planner takes an array of unknown length for ten rows. It would then find every generic plan too dear, and
    # plan the statement of each call anew, which costs more than carrying it out.
    if is_single:
        row = ", ".join(f"%({name})s::{kind}" for name, kind in columns)
        source = f"(VALUES ({row}))"
    else:
        arrays = ", ".join(f"%({name})s::{kind}[]" for name, kind in columns)
        source = f"unnest({arrays})"
    return sql.replace("{rows}", f"{source} u ({', '.join(name for name, _ in columns)})")


def compose(fragments: Sequence[Fragment], *, quickly: bool = False) -> tuple[str, list[Any]]:
    """Join fragments into `WITH a AS (...), b AS (...) SELECT 1` for a cursor that takes numbered parameters.

    `quickly`: the transaction does not wait for the disk, and a crash of the server may lose it.

    All fragments share their parameter `brand`. The text depends only on the names and texts of the fragments, so that
    equal calls share one prepared statement.
    """
    text, places = _join(tuple((fragment.name, fragment.sql) for fragment in fragments))
    if quickly:
        text = f"{_QUICKLY}{text.removeprefix('WITH ')} FROM quickly"
    return text, [fragments[number].params[name] for number, name in places]


@cache
def _join(parts: tuple[tuple[str, str], ...]) -> tuple[str, tuple[tuple[int, str], ...]]:
    """The whole text, and for each of its parameters the fragment and the name where the value is found."""
    names = [name for name, _ in parts]
    if len(set(names)) != len(names):
        raise ValueError(f"fragment names repeat: {names}")
    places: dict[tuple[int, str], int] = {}

    def numbered(number: int, sql: str) -> str:
        def place(match: re.Match[str]) -> str:
            key = (0 if match[1] == _SHARED else number, match[1])
            return f"${places.setdefault(key, len(places) + 1)}"

        return _PLACE.sub(place, sql)

    texts = [f"{name} AS ({numbered(number, sql)})" for number, (name, sql) in enumerate(parts)]
    return "WITH " + ",\n".join(texts) + "\nSELECT 1", tuple(places)
