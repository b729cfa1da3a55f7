"""What an importer makes of some rows of a file. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from apps.jobs.core.figures import Totals
from apps.jobs.core.rows import Row
from apps.kernel.errors import Refusal

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell of a row; `column` is empty where it is the row as a whole."""

    column: str
    message: str


@dataclass(slots=True)
class Faults:
    """The faults of one row, gathered so that all of them are told at once."""

    found: list[Fault] = field(default_factory=list)

    def add(self, column: str, message: str) -> None:
        """Note a fault."""
        self.found.append(Fault(column, message))

    def read(self, column: str, parse: Callable[[str], Value], text: str) -> Value | None:
        """What `parse` makes of the text of a cell; None, and a fault, where it refuses."""
        try:
            return parse(text)
        except Refusal as refusal:
            self.add(column, refusal.message)
            return None

    def __bool__(self) -> bool:
        return bool(self.found)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is left out, and why."""

    row: Row
    faults: Sequence[Fault]


@dataclass(slots=True)
class Batch:
    """Some rows of a file, decided: what is to be written, what is refused, and the control totals of the former:
    what was counted, and balances by card set and value type."""

    accepted: list[Any] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)

    def refuse(self, row: Row, faults: Faults) -> None:
        """Leave a row out."""
        self.refused.append(RefusedRow(row, tuple(faults.found)))

    def whole(self, rows: Sequence[Row]) -> list[Row]:
        """The rows that could be taken apart; the others are refused."""
        for row in rows:
            if row.fault:
                self.refused.append(RefusedRow(row, (Fault("", row.fault),)))
        return [row for row in rows if not row.fault]
