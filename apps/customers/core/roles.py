"""What a person is to a card."""

from enum import IntEnum


class Role(IntEnum):
    """PRIMARY is found by a search's filters, CHILD (the primary customer of a child card) by its child filters."""

    PRIMARY = 1
    ALTERNATE = 2
    GIVER = 3
    CHILD = 4
    CHILD_ALTERNATE = 5
