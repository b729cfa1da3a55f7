"""The file beside the source in which refused rows are told."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from apps.jobs.core.batch import RefusedRow
from apps.jobs.core.header import Columns
from apps.jobs.operations.open_own import open_own

HEADER = ("line", "column", "problem", "row")
_MASK = "****"
_FORMULA = ("=", "+", "-", "@", "\t")


class ErrorFile:
    """One line for each fault: line number in the source, column, what is wrong, and the row as one cell.

    `committed` is the byte up to which the file belongs to rows that are done with; what stands after it is cut off
    when it is opened, because those rows come again. Secret cells are masked, and no cell can be a formula to a
    spreadsheet. Only the owner may read the file.
    """

    def __init__(self, path: Path, *, names: Sequence[str], columns: Columns, delimiter: str, committed: int) -> None:
        self.path = path
        self._delimiter = delimiter
        self._secret = {place for place, name in enumerate(names) if name in columns.secret}
        self._file = os.fdopen(open_own(path), "r+b")
        self._file.truncate(min(committed, path.stat().st_size))
        self._file.seek(0, os.SEEK_END)
        if not self._file.tell():
            self._write([HEADER])

    def __enter__(self) -> "ErrorFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def length(self) -> int:
        """Bytes told so far."""
        return self._file.tell()

    def cut(self, length: int) -> None:
        """Take back what was told after that byte."""
        self._file.truncate(length)
        self._file.seek(length)

    def add(self, refused: Sequence[RefusedRow]) -> int:
        """Append the faults of refused rows, durably; returns the length of the file."""
        if refused:
            self._write(
                (each.row.line, fault.column, fault.message, self._shown(each.row.cells))
                for each in sorted(refused, key=lambda each: each.row.line)
                for fault in each.faults
            )
            os.fsync(self._file.fileno())
        return self._file.tell()

    def _shown(self, cells: Sequence[str]) -> str:
        masked = [_MASK if place in self._secret and cell else cell for place, cell in enumerate(cells)]
        return _as_csv([masked], self._delimiter).rstrip("\n") if cells else ""

    def _write(self, rows: Any) -> None:
        safe = ([_harmless(cell) for cell in row] for row in rows)
        self._file.write(_as_csv(safe, ",").encode())
        self._file.flush()


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _as_csv(rows: Any, delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()
