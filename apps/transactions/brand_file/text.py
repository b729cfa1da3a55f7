"""Brand files as YAML: in block style and a stable order; read strictly, with the line of whatever is wrong.

YAML reads some words as something else than they look like: `NO` (Norway) is false, `12:30` is 750, and amounts become
binary fractions. Here only `true`, `false`, `null`, whole numbers and decimals mean more than text, and decimals are
Decimal. What is written puts such words in quotes, so that any other reader understands it, too.
"""

import re
from collections.abc import Hashable
from decimal import Decimal
from typing import Any

import msgspec
import yaml

from apps.kernel.errors import InvalidInput
from apps.kernel.typed import from_plain
from apps.transactions.brand_file.document import BrandFile

LARGEST = 20_000_000
"""Bytes of a file."""
WIDTH = 110
_read = from_plain(BrandFile)
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_AT = re.compile(r" - at `([^`]*)`$")
_NOWHERE = re.compile("[\0\ud800-\udfff]")


class BadBrandFile(InvalidInput):
    """The file cannot be imported (9); the message says where and what to do."""


class _Loader(yaml.SafeLoader):
    """SafeLoader with fewer surprises."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise BadBrandFile(f"Line {line}: write it out; references (*name) are not followed here.")
        if getattr(event, "tag", None) is not None:
            raise BadBrandFile(f"Line {line}: take the tag {event.tag} away; values are written as they are.")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise BadBrandFile(f"Line {key.start_mark.line + 1}: the name of a field is a text.")
            if key.value in seen:
                raise BadBrandFile(f"Line {key.start_mark.line + 1}: {key.value!r} stands twice; take one out.")
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_scalar(self, node: Any) -> Any:
        value = super().construct_scalar(node)
        if found := _NOWHERE.search(str(value)):
            raise BadBrandFile(f"Line {node.start_mark.line + 1}: the character {found[0]!a} can be stored nowhere.")
        return value

    def decimal(self, node: Any) -> Decimal:
        """A number with a point, exactly as written."""
        return Decimal(str(self.construct_scalar(node)))


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(?:null|~|)$"), ["n", "~", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9]\d{0,17})$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^-?\d{1,18}\.\d{1,18}$"), list("-0123456789"))
_Loader.add_constructor("tag:yaml.org,2002:float", _Loader.decimal)


class _Dumper(yaml.SafeDumper):
    """SafeDumper with decimals, and with text of several lines as such."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def text(self, value: str) -> Any:
        """A text; readable where it has lines."""
        style = "|" if "\n" in value else None
        return self.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    def decimal(self, value: Decimal) -> Any:
        """The shortest form: a whole number, or at least two decimals."""
        if value == value.to_integral_value():
            return self.represent_scalar("tag:yaml.org,2002:int", f"{value:.0f}")
        whole, _, part = f"{value:f}".partition(".")
        return self.represent_scalar("tag:yaml.org,2002:float", f"{whole}.{part.rstrip('0').ljust(2, '0')}")


_Dumper.add_representer(str, _Dumper.text)
_Dumper.add_representer(Decimal, _Dumper.decimal)
_Dumper.add_representer(tuple, _Dumper.represent_list)


def to_text(said: msgspec.Struct) -> str:
    """A document, or a part of it, as YAML."""
    plain = msgspec.to_builtins(said, builtin_types=(Decimal,))
    text: str = yaml.dump(plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)
    return text


class Source:
    """A file that was read; knows on which line each of its parts begins."""

    def __init__(self, text: str) -> None:
        if len(text.encode(errors="replace")) > LARGEST:
            raise BadBrandFile(f"The file is larger than {LARGEST:,} bytes: nobody's configuration is.")
        self._text = text
        self._root: Any = None

    def read(self) -> BrandFile:
        """The document; BadBrandFile for what is no YAML, or does not say what a brand file says."""
        try:
            # a SafeLoader, though the linter cannot know
            plain = yaml.load(self._text, Loader=_Loader)  # noqa: S506
        except (yaml.YAMLError, RecursionError) as problem:
            raise BadBrandFile(_no_yaml(problem)) from problem
        try:
            return _read(plain)
        except msgspec.ValidationError as problem:
            raise BadBrandFile(self._wrong(str(problem))) from problem

    def line_of(self, path: str) -> int:
        """The line of a path like `$.locations[0].name`, or of the part of it that is there."""
        if self._root is None:
            self._root = yaml.compose(self._text, Loader=_Loader)
        node = self._root
        if node is None:
            return 1
        for name, index in _STEP.findall(path):
            found = _value_of(node, name) if name else _item_of(node, int(index))
            if found is None:
                break
            node = found
        return int(node.start_mark.line) + 1

    def _wrong(self, text: str) -> str:
        found = _AT.search(text)
        path = found[1] if found else "$"
        remedy = " Put it in quotes." if "Expected `str`, got `" in text else ""
        what = text[: found.start()] if found else text
        return f"Line {self.line_of(path)}, {path}: {what}.{remedy}"


def _no_yaml(problem: Exception) -> str:
    mark = getattr(problem, "problem_mark", None)
    where = f"Line {mark.line + 1}: " if mark is not None else ""
    what = getattr(problem, "problem", None) or getattr(problem, "reason", None) or "nested too deeply"
    return f"{where}this is no YAML ({what})."


def _value_of(node: Any, name: str) -> Any:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _item_of(node: Any, index: int) -> Any:
    if not isinstance(node, yaml.SequenceNode) or index >= len(node.value):
        return None
    return node.value[index]
