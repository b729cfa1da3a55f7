"""What a brand file would change, and how people are told."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any
from uuid import UUID

from apps.transactions.brand_file.document import Revision
from apps.transactions.brand_file.entries import Entry
from apps.transactions.brand_file.text import to_text

SHOWN = 60
"""Characters of a value that are shown."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row as the file wants it, and the values before: of fields that differ only."""

    entry: Entry
    before: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Differences:
    """Rows to create and to change in the file's order, how many stay as they are, and those that the file lacks and
    that are left alone."""

    created: Sequence[Entry]
    changed: Sequence[Change]
    same: int
    left: Sequence[Entry]

    @property
    def are_none(self) -> bool:
        """Whether there is nothing to do."""
        return not self.created and not self.changed


def differences(present: Iterable[Entry], wanted: Iterable[Entry], *, whole: frozenset[str]) -> Differences:
    """Compare what is there with what the file says. Of kinds that are not in `whole` the file has no list at all:
    nothing is said of their rows."""
    known = {(entry.kind, entry.key): entry for entry in present}
    asked = {(entry.kind, entry.key): entry for entry in wanted}
    created = [entry for key, entry in asked.items() if key not in known]
    compared = [Change(entry, _before(known[key], entry)) for key, entry in asked.items() if key in known]
    changed = [change for change in compared if change.before]
    left = [entry for key, entry in known.items() if key not in asked and entry.kind in whole]
    return Differences(created, changed, len(compared) - len(changed), left)


def _before(present: Entry, wanted: Entry) -> dict[str, Any]:
    before = {name: present.fields[name] for name, value in wanted.fields.items() if present.fields[name] != value}
    if wanted.kind == "campaign":
        # what the file does not say of a campaign stays
        before = {name: value for name, value in before.items() if wanted.fields[name] is not None}
        if wanted.fields["published"] is None and present.fields["published"] is not None:
            before.pop("name", None)
    return before


def told(found: Differences) -> Iterator[str]:
    """Lines for people."""
    for entry in found.created:
        yield f"+ {_titled(entry)}"
    for change in found.changed:
        yield f"~ {_titled(change.entry)}"
        for name, before in change.before.items():
            yield from _field(name, before, change.entry.fields[name])
    for kind, count in Counter(entry.kind for entry in found.left).items():
        names = ", ".join(_name(entry) for entry in found.left if entry.kind == kind)
        yield f"  left alone, not in the file: {count} {kind}: {_short(names)}"
    yield f"{len(found.created)} to create, {len(found.changed)} to change, {found.same} stay as they are."


def _titled(entry: Entry) -> str:
    return f"{entry.kind} {_name(entry)}"


def _name(entry: Entry) -> str:
    return f"{entry.fields['name']!r} ({entry.name})" if entry.kind in ("campaign", "list") else entry.name


def _field(name: str, before: Any, after: Any) -> Iterator[str]:
    if isinstance(before, Revision) or isinstance(after, Revision):
        yield f"    {name}: {_uuid(before)} -> {_uuid(after)}"
        lines = unified_diff(_lines(before), _lines(after), lineterm="", n=2)
        yield from (f"      {line}" for line in list(lines)[2:])
    else:
        yield f"    {name}: {_value(before)} -> {_value(after)}"


def _uuid(revision: Revision | None) -> UUID | str:
    return revision.uuid if revision is not None else "nothing"


def _lines(revision: Revision | None) -> list[str]:
    return to_text(revision.says).splitlines() if revision is not None else []


def _value(value: Any) -> str:
    return _short(repr(value) if isinstance(value, str) else str(value))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."
