"""Rows of a CSV file, read from bytes so that each knows exactly where it ends. Pure.

A quoted cell may contain line breaks. A quote that is never closed spoils the line it stands in, not the rest of the
file.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

LONGEST_ROW = 1 << 20
"""Bytes. A row that would be longer is taken for one with a quote that nobody closes."""
_QUOTE = b'"'


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number of the line it begins in (from 1), and the byte of the file after its end.

    `cells` are trimmed. A row that cannot be taken apart has none, and a `fault`.
    """

    line: int
    end: int
    cells: Sequence[str]
    fault: str = ""


def read_rows(lines: Iterable[bytes], *, delimiter: str, width: int, line: int, position: int) -> Iterator[Row]:
    """The rows in `lines`, which begin at byte `position` in line number `line`. Empty lines are passed over.

    `width` is how many cells each row must have. The bytes are UTF-8; whoever reads the file has checked that.
    """
    ahead: deque[bytes] = deque()
    source = iter(lines)
    while True:
        first = ahead.popleft() if ahead else next(source, None)
        if first is None:
            return
        taken, cells, fault = [first], None, ""
        if _QUOTE in first:
            taken, cells, fault = _quoted(first, chain(_drained(ahead), source), ahead, delimiter)
        begins, line = line, line + len(taken)
        position += sum(map(len, taken))
        if cells is None and not fault:
            text = first.decode().strip("\r\n")
            if not text.strip():
                continue
            cells = text.split(delimiter)
        yield _row(begins, position, cells or (), fault, width)


def _row(line: int, end: int, cells: Sequence[str], fault: str, width: int) -> Row:
    if not fault and len(cells) != width:
        fault = f"The row has {len(cells)} cells, the header has {width}."
    return Row(line, end, () if fault else [cell.strip() for cell in cells], fault)


def _drained(ahead: deque[bytes]) -> Iterator[bytes]:
    while ahead:
        yield ahead.popleft()


def _quoted(
    first: bytes, more: Iterator[bytes], ahead: deque[bytes], delimiter: str
) -> tuple[list[bytes], list[str] | None, str]:
    """The lines that a row with quotes takes, its cells, or what is wrong with it.

    Lines that were looked at in vain go back to `ahead`.
    """
    taken, size = [first], len(first)
    cells, fault = _cells(first, delimiter)
    if fault:
        return taken, None, fault
    while cells is None:
        line = next(more, None)
        if line is not None:
            taken.append(line)
            size += len(line)
        if line is not None and _QUOTE in line:
            cells, fault = _cells(b"".join(taken), delimiter)
        if line is None or fault or size > LONGEST_ROW:
            ahead.extendleft(reversed(taken[1:]))
            return [first], None, "A quote is opened in this row and never closed."
    return taken, cells, ""


def _cells(record: bytes, delimiter: str) -> tuple[list[str] | None, str]:
    """The cells of a record; (None, "") while a quote is open; a fault where quotes stand in the wrong place."""
    try:
        return next(csv.reader([record.decode().rstrip("\r\n")], delimiter=delimiter, strict=True)), ""
    except csv.Error as problem:
        if "unexpected end of data" in str(problem):
            return None, ""
        return None, f"The quotes of this row cannot be understood ({problem})."
