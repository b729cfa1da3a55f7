"""What no test can cover: fields that do not occur where the contract has them, and what is not there yet.

What is not there yet is read from the product, so that nobody has to keep a list.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec

from tests.conformance.contract import CONTRACT, ERRORS, REQUEST, RESPONSE, ROOT, Row, rows

_SEARCH_ONLY = "only search breaks balances down or converts them"
_OWN = "opt-ins are those of the card's own customer"
_HELD = "value that is held is usable already"
_VALUE = "these lines are of value, and never discounts"
NEVER: dict[tuple[str, str], str] = {
    ("cardHistory", "transactions.legacyType"): "there is no older interface",
    ("cardHistory", "transactions.holdBalanceUpdates.balanceActiveDate"): _HELD,
    ("requestLookup", "holdBalanceMutations.balanceActiveDate"): _HELD,
    **{
        (method, f"balances.{name}"): _SEARCH_ONLY
        for method in ("checkout", "updateBalance")
        for name in ("doesBalanceExpire", "balanceExpiration", "balanceActiveDate", "convertedAmount")
    },
    **{
        (method, f"{lines}.{name}"): _VALUE
        for method, lines in (("requestLookup", "holdBalanceMutations"), ("search", "cards.checkouts.mutations"))
        for name in ("sku", "skuUnitPrice", "skuAmount", "skuUnitDiscount")
    },
    ("search", "cards.thirdPartyLinks.customData"): "search has the field customData for it",
    ("search", "cards.thirdPartyLinks.cause"): "a cause is kept with the event that it led to, as its payload",
    ("search", "cards.coupons.redemptionDate"): "only coupons that are not used are shown",
    **{
        ("search", f"cards.{person}.{name}"): "no call can set it"
        for person in ("customer", "alternateCustomer", "giverCustomer")
        for name in ("flv", "mailPref", "isMobile")
    },
    **{
        ("search", f"cards.{person}.{name}"): _OWN
        for person in ("alternateCustomer", "giverCustomer")
        for name in ("emailPref", "phonePref")
    },
}
"""Fields that an answer has only because other methods use the same type, and why they are absent. Tests show it."""


@cache
def missing() -> frozenset[Row]:
    """Rows that the product does not serve: all of a method that it lacks, input that nobody reads, output that nobody
    fills."""
    from apps.merchant_api.table import METHODS

    found: set[Row] = set()
    for method in CONTRACT["methods"]:
        if method not in METHODS:
            gone = {(part, place.path) for part in (REQUEST, RESPONSE) for place in rows(method, part)}
        else:
            gone = {(REQUEST, path) for path in _unread(METHODS[method].request)}
            gone |= {(RESPONSE, path) for path in _unfilled(METHODS[method].response)}
        found |= {
            (method, part, place.path)
            for part in (REQUEST, RESPONSE)
            for place in rows(method, part)
            if any((part, above) in gone for above in _and_above(place.path))
        }
    return frozenset(found)


def missing_codes() -> set[int]:
    """Error codes that no refusal of the product has."""
    from tests.merchant_api.test_error_codes import refusals

    return set(ERRORS) - refusals()


def _and_above(path: str) -> list[str]:
    names = path.split(".")
    return [".".join(names[: length + 1]) for length in range(len(names))]


def _unread(model: Any) -> Iterator[str]:
    code = _code()
    for path, owner, part in _typed(model):
        if part.attribute not in code.read and owner not in code.read_whole:
            yield path


def _unfilled(model: Any) -> Iterator[str]:
    code = _code()
    for path, owner, part in _typed(model):
        # The pipeline writes the error fields of any answer.
        names = {"error_code", "error_message"} | code.assigned | code.made.get(owner, code.named)
        if part.attribute not in names and part.default in (None, msgspec.UNSET):
            yield path


def _typed(model: Any, prefix: str = "", above: tuple[Any, ...] = ()) -> Iterator[tuple[str, str, Any]]:
    """Each field of a wire type: its path, the name of its type, and itself."""
    from apps.merchant_api.wire.spec import fields_of

    for part in fields_of(model):
        if not part.facts.sent_keys:
            yield prefix + part.name, model.__name__, part
        if part.model is not None and part.model not in (*above, model):
            yield from _typed(part.model, f"{prefix}{part.name}.", (*above, model))


@dataclass(frozen=True, slots=True)
class Code:
    """What the code of the API does with names.

    `read` are attributes that it reads, `read_whole` types that it takes apart by themselves, `assigned` attributes
    that it sets, `named` all keywords and keys, `made` the keywords by the type that is made with them.
    """

    read: set[str] = field(default_factory=set)
    read_whole: set[str] = field(default_factory=set)
    assigned: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    made: dict[str, set[str]] = field(default_factory=dict)


@cache
def _code() -> Code:
    code = Code()
    nodes = [
        node for file in (ROOT / "apps/merchant_api").rglob("*.py") for node in ast.walk(ast.parse(file.read_text()))
    ]
    for node in nodes:
        if isinstance(node, ast.Attribute):
            (code.read if isinstance(node.ctx, ast.Load) else code.assigned).add(node.attr)
        elif isinstance(node, ast.FunctionDef) and {"asdict", "getattr"} & {call for call, _ in _calls(node)}:
            arguments = [*node.args.args, *node.args.kwonlyargs]
            code.read_whole.update(name for each in arguments for name in _names(each.annotation))
        elif isinstance(node, ast.Dict):
            code.named.update(key.value for key in node.keys if isinstance(key, ast.Constant))
        elif isinstance(node, ast.keyword) and node.arg:
            code.named.add(node.arg)
    for name, keywords in (call for node in nodes for call in _calls(node, below=False)):
        made = code.made.setdefault(name, set())
        made.update(*(code.named if keyword is None else {keyword} for keyword in keywords))
    return code


def _calls(node: ast.AST, *, below: bool = True) -> Iterator[tuple[str, list[str | None]]]:
    """The names that are called and with which keywords; None stands for `**`."""
    for each in ast.walk(node) if below else [node]:
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name):
            yield each.func.id, [keyword.arg for keyword in each.keywords]


def _names(annotation: ast.expr | None) -> set[str]:
    return {each.id for each in ast.walk(annotation or ast.Constant(None)) if isinstance(each, ast.Name)}
