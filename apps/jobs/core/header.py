"""The header of a CSV file: which delimiter it uses, and whether its columns are those that an import knows. Pure."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from apps.kernel.errors import InvalidInput

DELIMITERS = (",", ";")


class WrongHeader(InvalidInput):
    """The first line of the file does not name the columns of this import."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that an import knows. `secret` ones are not repeated in the error file."""

    required: Sequence[str]
    optional: Sequence[str] = ()
    secret: frozenset[str] = frozenset()


def read_header(line: bytes) -> tuple[str, list[str]]:
    """The delimiter, comma or semicolon, whichever the line has more of, and the names. Names are trimmed."""
    text = line.decode().strip("\r\n")
    delimiter = max(DELIMITERS, key=text.count)
    try:
        names = next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error as problem:
        raise WrongHeader(f"The first line is no header of columns: {problem}.") from problem
    return delimiter, [name.strip() for name in names]


def check_header(names: Sequence[str], columns: Columns) -> None:
    """Refuse a header with unknown, missing or repeated columns, and say which."""
    known = {*columns.required, *columns.optional}
    repeated = [name for name, times in Counter(names).items() if times > 1]
    unknown = [name for name in names if name not in known]
    missing = [name for name in columns.required if name not in names]
    faults = [
        f"{what}: {', '.join(name or '(no name)' for name in found)}"
        for what, found in (
            ("unknown columns", unknown),
            ("missing columns", missing),
            ("columns that stand there twice", repeated),
        )
        if found
    ]
    if faults:
        possible = ", ".join([*columns.required, *columns.optional])
        raise WrongHeader(f"The header has {'; '.join(faults)}. Known columns: {possible}.")
