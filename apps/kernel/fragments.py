"""Write fragments: each app gives its part of the one write statement, `compose` joins them into one WITH."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fragment:
    """One data-modifying statement. `sql` names its parameters `%(like_this)s`; `name` makes them unique in the whole.

    No fragment reads what another one writes: all of them see the rows as they were before the statement.
    """

    name: str
    sql: str
    params: Mapping[str, Any]


def compose(fragments: Sequence[Fragment]) -> tuple[str, dict[str, Any]]:
    """Join fragments into `WITH a AS (...), b AS (...) SELECT 1` and their parameters into one dictionary.

    A parameter `x` of fragment `a` becomes `a_x`. The text depends only on the names and texts of the fragments, so
    that equal calls share one prepared statement.
    """
    key = tuple((fragment.name, fragment.sql) for fragment in fragments)
    text = _texts.get(key)
    if text is None:
        text = _texts[key] = _join(key)
    params = {f"{part.name}_{name}": value for part in fragments for name, value in part.params.items()}
    return text, params


_texts: dict[tuple[tuple[str, str], ...], str] = {}


def _join(parts: tuple[tuple[str, str], ...]) -> str:
    names = [name for name, _ in parts]
    if len(set(names)) != len(names):
        raise ValueError(f"fragment names repeat: {names}")
    return "WITH " + ",\n".join(f"{name} AS ({sql.replace('%(', f'%({name}_')})" for name, sql in parts) + "\nSELECT 1"
