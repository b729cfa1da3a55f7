"""The published contract as rows of the document: every place of every field, and what is not there yet."""

import ast
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

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


# --- what does not occur, whatever a caller does --------------------------------------------------------------------

_SEARCH_ONLY = "only search breaks balances down or converts them"
_HELD = "value that is held is usable already"
NEVER: dict[tuple[str, str], str] = {
    ("cardHistory", "transactions.legacyType"): "there is no older interface",
    ("cardHistory", "transactions.holdBalanceUpdates.balanceActiveDate"): _HELD,
    ("requestLookup", "holdBalanceMutations.balanceActiveDate"): _HELD,
    **{
        (method, f"balances.{name}"): _SEARCH_ONLY
        for method in ("checkout", "updateBalance")
        for name in ("doesBalanceExpire", "balanceExpiration", "balanceActiveDate", "convertedAmount")
    },
}
"""Fields that an answer has only because other methods use the same type, and why they are absent. Tests show it."""
WITH_CAMPAIGNS = frozenset(
    (method, RESPONSE, f"balanceMutations.{name}")
    for method in ("checkout", "checkoutLookup")
    for name in ("balanceExpiration", "balanceActiveDate")
)
"""Fields that other calls fill, but a checkout only once campaigns issue value in it."""

# --- what is not there yet: read from the product, so that nobody has to keep a list --------------------------------


@cache
def missing() -> frozenset[Row]:
    """Rows that the product does not serve yet.

    All of a later method; input that `later.py` refuses or leaves out, or that nobody reads; output that nobody fills.
    """
    from apps.merchant_api.later import LATER_INPUT, LATER_METHODS, LATER_RETURN
    from apps.merchant_api.table import METHODS

    found: set[Row] = set()
    for method in CONTRACT["methods"]:
        if method in LATER_METHODS:
            gone = {(part, field.path) for part in (REQUEST, RESPONSE) for field in rows(method, part)}
        else:
            later = {*LATER_INPUT.get(method, ()), *LATER_RETURN.get(method, ())}
            gone = {(REQUEST, path) for path in later | set(_unread(METHODS[method].request))}
            gone |= {(RESPONSE, path) for path in _unfilled(METHODS[method].response)}
        found |= {
            (method, part, field.path)
            for part in (REQUEST, RESPONSE)
            for field in rows(method, part)
            if any((part, above) in gone for above in _and_above(field.path))
        }
    return frozenset(found | (WITH_CAMPAIGNS if "triggerCampaignRule" in LATER_METHODS else set()))


def missing_codes() -> set[int]:
    """Error codes that no refusal of the product has."""
    from tests.merchant_api.test_error_codes import refusals

    return set(ERRORS) - refusals()


def _and_above(path: str) -> list[str]:
    names = path.split(".")
    return [".".join(names[: length + 1]) for length in range(len(names))]


def _unread(model: Any) -> Iterator[str]:
    names = _names_in_code()[0]
    return (path for path, _, field in _typed(model) if field.attribute not in names)


def _unfilled(model: Any) -> Iterator[str]:
    filled = _names_in_code()[1]
    for path, owner, field in _typed(model):
        # The pipeline writes the error fields of any answer.
        names = {"error_code", "error_message"} | filled["set"] | (filled.get(owner) or filled["anywhere"])
        if field.attribute not in names and field.default in (None, msgspec.UNSET):
            yield path


def _typed(model: Any, prefix: str = "", above: tuple[Any, ...] = ()) -> Iterator[tuple[str, str, Any]]:
    """Each field of a wire type: its path, the name of its type, and itself."""
    from apps.merchant_api.wire.spec import fields_of

    for field in fields_of(model):
        if not field.facts.sent_keys:
            yield prefix + field.name, model.__name__, field
        if field.model is not None and field.model not in (*above, model):
            yield from _typed(field.model, f"{prefix}{field.name}.", (*above, model))


@cache
def _names_in_code() -> tuple[set[str], dict[str, set[str]]]:
    """Attributes that the code of the API reads; what it fills, by the type that it makes, "set" or "anywhere"."""
    read: set[str] = set()
    filled: dict[str, set[str]] = defaultdict(set)
    for file in (ROOT / "apps/merchant_api").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Attribute):
                (read if isinstance(node.ctx, ast.Load) else filled["set"]).add(node.attr)
            elif isinstance(node, ast.Call):
                names = {keyword.arg for keyword in node.keywords if keyword.arg}
                filled["anywhere"] |= names
                if isinstance(node.func, ast.Name):
                    filled[node.func.id] |= names
    return read, dict(filled)
