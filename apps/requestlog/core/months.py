"""Months of the request log: how they are called, and between which UUIDv7s they lie. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from apps.kernel.ids import lowest_id

_PREFIX = "requestlog_request_"


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month by UTC, as the ids count it."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month in which a day lies; for a moment, its month by UTC."""
        if isinstance(day, datetime):
            day = day.astimezone(UTC)
        return cls(day.year, day.month)

    @classmethod
    def of_partition(cls, table: str) -> "Month | None":
        """The month whose partition has that name; None for other tables."""
        digits = table.removeprefix(_PREFIX)
        if digits == table or len(digits) != 6 or not digits.isdigit():
            return None
        return cls(int(digits[:4]), int(digits[4:]))

    @property
    def partition(self) -> str:
        """The name of the month's partition."""
        return f"{_PREFIX}{self.year:04}{self.month:02}"

    @property
    def first_id(self) -> UUID:
        """The lowest id that this month can have."""
        return lowest_id(datetime(self.year, self.month, 1, tzinfo=UTC))

    def __add__(self, months: int) -> "Month":
        years, month = divmod(self.month - 1 + months, 12)
        return Month(self.year + years, month + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"
