"""Filters in the URL, as chips that can be taken off one by one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter; `without` is the query string that is left when it is taken off."""

    label: str
    value: str
    without: str


def chips(labelled: Iterable[tuple[str, str, str]], active: Mapping[str, str]) -> list[Chip]:
    """A chip for each `(name, label, shown value)`; `active` are the filters of the URL by name."""
    return [Chip(label, value, query_string(active, leave_out=name)) for name, label, value in labelled]


def query_string(active: Mapping[str, str], *, leave_out: str = "", **more: object) -> str:
    """The filters as a query string that starts with `?`, without one of them and with some more."""
    kept = {name: value for name, value in active.items() if name != leave_out and value}
    return "?" + urlencode(kept | {name: str(value) for name, value in more.items()})
