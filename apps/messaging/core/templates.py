r"""Templates of messages: `{{firstName default="friend"}}`. A facade over a Handlebars engine. Pure.

    {{name}}                                    a variable of `variables.VARIABLES`; what is not known is empty
    {{name default="friend"}}                   what stands there instead if it is empty
    {{name default="((lastName))"}}             another variable instead; `((` and `))` are braces inside a default
    {{balance balanceType="Currency" balanceCode="USD"}}   {{field code="tier"}}   {{keyValue key="table"}}
    {{#if name}} ... {{else}} ... {{/if}}       {{#unless name}} ... {{/unless}}; empty and zero count as no
    {{#each couponCodes}} {{this}} {{/each}}    a list, one after the other
    \{{                                         two braces

Nothing else is let through to the engine: no partials, no helpers, no paths, nothing unescaped; so that a template can
only put texts together. How much is bounded, too. `check` is strict, for the editor. `render` is lenient with names
that it does not know (a field that the brand had) and refuses only what `check` would call wrong in form.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from html import escape as html_escape
from typing import Any
from urllib.parse import quote

from dotpromptz_handlebars import Block, Handlebars, HelperOptions, Mustache, Node, SafeString, Text
from dotpromptz_handlebars._render import compile_template

from apps.kernel.errors import InvalidInput
from apps.kernel.value_types import BalanceType
from apps.messaging.core.variables import VARIABLES, Variables, balance_key

LONGEST_TEMPLATE = 100_000
"""Characters of a template."""
MOST_TAGS = 300
MOST_ROWS = 50
"""Rows of a list that are shown."""
LONGEST_VALUE = 2_000
LONGEST_TEXT = 300_000
"""Characters of a rendered text: what is longer is cut off."""
DEEPEST_DEFAULT = 3

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_ZERO = re.compile(r"-?0+(\.0+)?", re.ASCII)
_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'|-?\d+(\.\d+)?", re.ASCII | re.DOTALL)
_ITEM = "this"
_BALANCE_TYPES = frozenset(each.value for each in BalanceType)


class BadTemplate(InvalidInput):
    """A template that cannot be rendered (9)."""


class Escape(StrEnum):
    """What values must not break out of."""

    NONE = "none"
    HTML = "html"
    JSON = "json"
    URL = "url"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a template. One that `is_fatal` cannot be rendered at all."""

    text: str
    is_fatal: bool = True


def check(text: str) -> tuple[str, ...]:
    """All that an editor must refuse, in words; empty if the template is good."""
    return tuple(dict.fromkeys(problem.text for problem in _problems(text)))


def require_good(text: str, *, name: str) -> None:
    """9 with the first problem. `name` is what the caller calls the text."""
    for problem in _problems(text):
        raise BadTemplate(f"{name}: {problem.text}")


def render(text: str, variables: Variables, *, escape: Escape = Escape.NONE) -> str:
    """The text with the values of the variables. Templates are compiled once and remembered.

    BadTemplate for what `check` finds wrong in form; unknown names are empty.
    """
    if "{{" not in text:
        return text
    return _compiled(text, escape)(_Root(variables))[:LONGEST_TEXT]


# --- what is let through ---------------------------------------------------------------------------------------------


def _problems(text: str, depth: int = 0) -> Iterator[Problem]:
    if len(text) > LONGEST_TEMPLATE:
        yield Problem(f"A template has at most {LONGEST_TEMPLATE} characters.")
        return
    if depth > DEEPEST_DEFAULT:
        yield Problem("Defaults within defaults go too deep.")
        return
    try:
        nodes = compile_template(text)
    except (ValueError, RecursionError) as problem:
        yield Problem(f"The template cannot be read: {problem}.")
        return
    if sum(1 for _ in _tags(nodes)) + text.count("((") > MOST_TAGS:  # those in defaults are tags, too
        yield Problem(f"A template has at most {MOST_TAGS} tags.")
        return
    yield from _problems_of(nodes, depth=depth, in_list=False)


def _tags(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, Text):
            continue
        yield node
        if isinstance(node, Block):
            yield from _tags(node.body)
            yield from _tags(node.inverse)


def _problems_of(nodes: list[Node], *, depth: int, in_list: bool) -> Iterator[Problem]:
    for node in nodes:
        if isinstance(node, Mustache):
            yield from _problems_of_value(node, depth=depth, in_list=in_list)
        elif isinstance(node, Block):
            yield from _problems_of_block(node, depth=depth, in_list=in_list)
        elif not isinstance(node, Text):
            yield Problem("Templates cannot include others.")


def _problems_of_value(node: Mustache, *, depth: int, in_list: bool) -> Iterator[Problem]:
    name, given = node.call["name"], node.call["hash"]
    if node.raw:
        yield Problem("Values are always escaped: use two braces.")
    if node.call["args"] or node.call["literal"] or not _NAME.fullmatch(name):
        yield Problem(f'{name} is not written as a variable: {{{{name key="value"}}}}.')
        return
    if any(not _LITERAL.fullmatch(value) for value in given.values()):
        yield Problem(f"{name}: values stand in quotes.")
        return
    if nested := _nested(given):
        yield from _problems(nested, depth + 1)
    if name == _ITEM:
        if not in_list:
            yield Problem(f"{_ITEM} stands for the row of a list, inside {{{{#each}}}}.", is_fatal=False)
        return
    yield from _unknown(name, given)


def _unknown(name: str, given: Mapping[str, str]) -> Iterator[Problem]:
    variable = VARIABLES.get(name)
    if variable is None:
        yield Problem(f"There is no variable {name}.", is_fatal=False)
        return
    for key in given:
        if key not in (*variable.keys, *variable.optional, "default"):
            yield Problem(f"{name} takes no {key}.", is_fatal=False)
    for key in variable.keys:
        if not _text(given.get(key, "''")):
            yield Problem(f"{name} needs {key}.", is_fatal=False)
    kind = _text(given.get("balanceType", "''"))
    if "balanceType" in variable.keys and kind:
        if kind not in _BALANCE_TYPES:
            yield Problem(f"{kind} is no type of balance.", is_fatal=False)
        elif BalanceType(kind).has_code and not _text(given.get("balanceCode", "''")):
            yield Problem(f"{name} of {kind} needs balanceCode.", is_fatal=False)


def _problems_of_block(node: Block, *, depth: int, in_list: bool) -> Iterator[Problem]:
    kind, args = node.call["name"], node.call["args"]
    is_list = kind == "each"
    if kind not in ("if", "unless", "each"):
        yield Problem(f"There is no block {kind}: if, unless and each are.")
    elif node.call["hash"] or node.call["params"] or len(args) != 1 or not _NAME.fullmatch(args[0]):
        yield Problem(f"{{{{#{kind}}}}} takes the name of one variable.")
    elif is_list and in_list:
        yield Problem("A list stands in no other list.")
    else:
        variable = VARIABLES.get(args[0])
        if variable is None and args[0] != _ITEM:
            yield Problem(f"There is no variable {args[0]}.", is_fatal=False)
        elif is_list and not (variable and variable.is_list):
            yield Problem(f"{args[0]} is no list.", is_fatal=False)
        elif variable and variable.keys:
            yield Problem(f"{args[0]} cannot be asked for by {{{{#{kind}}}}}.", is_fatal=False)
    for part in (node.body, node.inverse):
        yield from _problems_of(part, depth=depth, in_list=in_list or is_list)


def _nested(given: Mapping[str, str]) -> str | None:
    """The template that a default is, if it names variables."""
    text = _text(given.get("default", "''"))
    return text.replace("((", "{{").replace("))", "}}") if "((" in text else None


def _text(token: str) -> str:
    return token[1:-1] if token[:1] in ("'", '"') else token


# --- rendering -------------------------------------------------------------------------------------------------------


class _Root(Mapping[str, Any]):
    """What the engine sees of the variables in conditions and lists: what counts as no is empty, lists are bounded."""

    def __init__(self, variables: Variables) -> None:
        self.variables = variables

    def __getitem__(self, name: str) -> Any:
        value = self.variables[name]
        if isinstance(value, str):
            return "" if _ZERO.fullmatch(value) else value
        return None if isinstance(value, Mapping) else list(value)[:MOST_ROWS]

    def __iter__(self) -> Iterator[str]:
        return iter(self.variables)

    def __len__(self) -> int:
        return len(self.variables)


_ESCAPES: Mapping[Escape, Callable[[str], str]] = {
    Escape.NONE: str,
    Escape.HTML: html_escape,
    Escape.JSON: lambda text: json.dumps(text)[1:-1],
    Escape.URL: lambda text: quote(text, safe=""),
}


@lru_cache(maxsize=1024)
def _compiled(text: str, escape: Escape) -> Callable[..., str]:
    for problem in _problems(text):
        if problem.is_fatal:
            raise BadTemplate(problem.text)
    engine = Handlebars(escape_html=False)
    engine.unregister_helper("lookup")
    engine.unregister_helper("log")
    nodes = compile_template(text)
    for node in _tags(nodes):
        if isinstance(node, Mustache):
            engine.register_helper(node.call["name"], _helper(node.call["name"], escape))
    return engine.compile(text)


def _helper(name: str, escape: Escape) -> Callable[[list[Any], HelperOptions], SafeString]:
    escaped = _ESCAPES[escape]

    def helper(_args: list[Any], options: HelperOptions) -> SafeString:
        root: _Root = options.data["root"]
        given = options.hash
        value = str(options.context) if name == _ITEM else _value(name, given, root.variables)
        if value:
            return SafeString(escaped(value[:LONGEST_VALUE]))
        default = str(given.get("default", ""))
        if "((" not in default:
            return SafeString(escaped(default))
        return SafeString(render(default.replace("((", "{{").replace("))", "}}"), root.variables, escape=escape))

    return helper


def _value(name: str, given: Mapping[str, Any], variables: Variables) -> str:
    """The value of a variable as text; empty for what is not known."""
    variable = VARIABLES.get(name)
    value = variables.get(variable.source) if variable else None
    if variable is None or value is None:
        return ""
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        return ", ".join(value[:MOST_ROWS])
    keys = [str(given.get(key, "")) for key in (*variable.keys, *variable.optional)]
    if not keys:
        return ""
    return value.get(balance_key(*keys) if len(keys) > 1 else keys[0], "")
