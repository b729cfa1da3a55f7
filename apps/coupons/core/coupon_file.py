"""Files of coupons: CSV with a head line. Pure: lines in, coupons and complaints out.

    code,tags,allowed_cards,expiration
    SUMMER-1,vip|online,,2027-06-30 23:59:59

Only `code` is needed. Several tags or card numbers are separated by `|`; expirations are UTC.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from apps.brands.core.codes import check_code
from apps.cards.core.numbers import check_number
from apps.kernel.errors import InvalidInput
from apps.kernel.moments import parse_moment

COLUMNS = ("code", "tags", "allowed_cards", "expiration")
SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class NewCoupon:
    """A coupon that is to be added to a set; `expires_at` None: no expiry of its own. `line` says where it stands in a
    file, 0 for generated ones."""

    code: str
    tags: tuple[str, ...] = ()
    allowed_cards: tuple[str, ...] = ()
    expires_at: datetime | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class BadLine:
    """What is wrong with a line; lines count from 1, the head is the first."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class BadHead(InvalidInput):
    """The first line does not name the columns."""

    message = f"The first line must name the columns: code, and any of {', '.join(COLUMNS[1:])}."


def read_coupons(lines: Iterable[str], *, at: datetime) -> Iterator[NewCoupon | BadLine]:
    """Read a file line by line. What expired at `at` and a code that stands twice are bad; empty lines are not."""
    reader = csv.reader(lines, strict=True)
    columns = _columns(reader)
    seen: dict[str, int] = {}
    for cells in _rows(reader):
        if isinstance(cells, BadLine):
            yield cells
            continue
        try:
            coupon = _coupon(reader.line_num, _named(columns, cells), at)
            _check_new(coupon, seen)
        except InvalidInput as problem:
            yield BadLine(reader.line_num, problem.message)
        else:
            yield coupon


def _columns(reader: Iterator[list[str]]) -> list[str]:
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
    except csv.Error as problem:
        raise BadHead from problem
    if "code" not in columns or len(set(columns)) < len(columns) or not set(columns) <= set(COLUMNS):
        raise BadHead
    return columns


def _rows(reader: Iterator[list[str]]) -> Iterator[list[str] | BadLine]:
    """The rows that are not empty; what cannot be read as CSV is a bad line."""
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as problem:
            yield BadLine(reader.line_num, f"This is no CSV: {problem}.")  # type: ignore[attr-defined]
            continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield cells


def _named(columns: list[str], cells: list[str]) -> Mapping[str, str]:
    if len(cells) > len(columns):
        raise InvalidInput(f"There are {len(cells)} cells, but {len(columns)} columns.")
    if any("\0" in cell for cell in cells):
        raise InvalidInput("There is a NUL character.")
    return {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}


def _coupon(line: int, row: Mapping[str, str], at: datetime) -> NewCoupon:
    code, allowed_cards = row.get("code", ""), _several(row.get("allowed_cards", ""))
    check_code(code)
    for number in allowed_cards:
        check_number(number)
    expires_at = _expiration(row.get("expiration", ""), at)
    return NewCoupon(code, _several(row.get("tags", "")), allowed_cards, expires_at, line)


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(SEPARATOR) if part.strip())


def _expiration(cell: str, at: datetime) -> datetime | None:
    if not cell:
        return None
    try:
        moment = parse_moment(cell)
    except ValueError:
        raise InvalidInput(f"{cell!r} is not a moment as 2027-06-30 23:59:59.") from None
    if moment <= at:
        raise InvalidInput(f"{cell} has passed.")
    return moment


def _check_new(coupon: NewCoupon, seen: dict[str, int]) -> None:
    first = seen.setdefault(coupon.code, coupon.line)
    if first != coupon.line:
        raise InvalidInput(f"The code {coupon.code} stands in line {first} already.")
