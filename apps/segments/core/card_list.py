"""Lists of cards, as people write them: one name a card, in a file a column `cardNumber`. Pure.

    cardNumber,firstName
    6035710000000012,Ada
    6035710000000020/kids

A child card is named by the number of its root card and its own, with a slash between; other columns are ignored.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apps.cards.core.numbers import check_child_number, check_number
from apps.kernel.errors import InvalidInput

COLUMN = "cardNumber"
SEPARATOR = "/"


@dataclass(frozen=True, slots=True)
class CardName:
    """A card, or (`child`) one of its child cards."""

    number: str
    child: str | None = None


class BadList(InvalidInput):
    """The file is no CSV, or its first line does not name the column of the cards (9)."""

    message = f"The first line must name the column {COLUMN}."


def read_list(lines: Iterable[str]) -> Iterator[str]:
    """The names in a file, in its order; empty cells are left out."""
    reader = csv.reader(lines, strict=True)
    try:
        columns = [name.strip() for name in next(reader, [])]
        if columns.count(COLUMN) != 1:
            raise BadList
        place = columns.index(COLUMN)
        for cells in reader:
            name = cells[place].strip() if place < len(cells) else ""
            if name:
                yield name
    except csv.Error as problem:
        raise BadList(f"Line {reader.line_num} is no CSV: {problem}.") from problem


def parse_name(name: str) -> CardName | None:
    """The card that is meant; None for what cannot be the number of any."""
    number, separator, child = name.partition(SEPARATOR)
    try:
        check_number(number)
        if separator:
            check_child_number(child)
    except InvalidInput:
        return None
    return CardName(number, child if separator else None)
