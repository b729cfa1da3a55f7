"""Which cards an occasion of a day is about. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

Span = tuple[datetime, datetime]
"""From a moment on, and before another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsSought:
    """Cards of which at least one of these is true.

    everyone   all active cards
    birthdays  of primary customers: month * 100 + day, and the last day of birth that counts
    enrolled, activated   when that happened
    """

    everyone: bool = False
    birthdays: tuple[tuple[int, date], ...] = ()
    enrolled: tuple[Span, ...] = ()
    activated: tuple[Span, ...] = ()

    def __bool__(self) -> bool:
        return self.everyone or bool(self.birthdays or self.enrolled or self.activated)
