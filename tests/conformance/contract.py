"""The published contract as rows of the document: every place of every field."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CONTRACT: dict[str, Any] = json.loads((ROOT / "tests/merchant_api/contract.json").read_text())
ERRORS = {int(code): name for code, name in CONTRACT["errors"].items()}
REFUSAL_FIELDS = frozenset({"errorCode", "errorMessage", "blockingCoupons", "unusedCoupons"})
"""What only a refused call says."""

Row = tuple[str, str, str]
"""One row of the document: method, part (REQUEST, RESPONSE or ERROR), and the path of a field or an error code."""
REQUEST, RESPONSE, ERROR = "Request", "Response", "Errors"


@dataclass(frozen=True, slots=True)
class Field:
    """A field at one place of a request or an answer. `path` has no indexes; `below` is what an object has in it."""

    path: str
    model: str
    name: str
    default: Any
    below: Mapping[str, "Field"]

    def all(self) -> Iterator["Field"]:
        """This field and all below it."""
        yield self
        for field in self.below.values():
            yield from field.all()


def fields(method: str, part: str) -> Mapping[str, Field]:
    """The fields of a method's request or response, as a tree; empty for a method that the contract does not know."""
    types = CONTRACT["methods"].get(method)
    return {} if types is None else _tree(types[part.lower()])


def rows(method: str, part: str) -> list[Field]:
    """The same fields one after the other, in the order of the contract."""
    return [field for root in fields(method, part).values() for field in root.all()]


@cache
def _tree(model: str, prefix: str = "", above: tuple[str, ...] = ()) -> Mapping[str, Field]:
    """The fields of a model. A model within itself (a child card in a card) is not opened again."""
    found = {}
    for name, facts in CONTRACT["models"][model].items():
        kind, path = facts.get("items") or facts["type"], prefix + name
        opens = kind in CONTRACT["models"] and kind not in (*above, model)
        below = _tree(kind, f"{path}.", (*above, model)) if opens else {}
        found[name] = Field(path, model, name, facts.get("default"), below)
    return found
