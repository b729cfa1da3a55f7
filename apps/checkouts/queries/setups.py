"""Reading locking setups."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.kernel.db.hot import Cursor, hot_cursor
from apps.kernel.readings import Reading

SETUP = "setup"
"""The name of the reading."""

_READ = """SELECT s.operation_id, s.family_id, s.wallet_id, s.until, s.plan, s.ended_by
 FROM checkouts_setup s WHERE s.brand_id = %(brand)s AND s.operation_id = %(setup)s"""
_ONE = f"SELECT r FROM ({_READ}) r"

_LAPSED = """SELECT s.operation_id, s.wallet_id FROM checkouts_setup s
 WHERE s.brand_id = %(brand)s AND s.ended_by IS NULL AND s.until <= %(now)s ORDER BY s.until LIMIT %(limit)s"""


@dataclass(frozen=True, slots=True)
class SetupRead:
    """A locking setup as stored. `wallet_id` is the wallet whose value it reserved: of the child card or of the root.
    One that is over by itself has no `ended_by` until somebody tidies up."""

    operation_id: UUID
    family_id: int
    wallet_id: int
    until: datetime
    plan: bytes
    ended_by: UUID | None

    def is_open(self, at: datetime) -> bool:
        """Whether it can still be completed or cancelled at a moment."""
        return self.ended_by is None and self.until > at


def setup_reading(operation_id: UUID | None) -> Reading:
    """The setup with this transaction id, to be read along with a card; see `setup_read`."""
    return Reading(SETUP, _ONE, {"setup": operation_id})


def setup_read(value: Any) -> SetupRead | None:
    """What the reading says; None if there is no such setup."""
    return SetupRead(*value) if value is not None else None


def read_setup(cursor: Cursor, *, brand_id: int, operation_id: UUID) -> SetupRead | None:
    """A setup by its transaction id; None if there is none."""
    row = cursor.execute(_READ, {"brand": brand_id, "setup": operation_id}, binary=True).fetchone()
    return SetupRead(*row) if row else None


def lapsed_setups(*, brand_id: int, now: datetime, limit: int) -> list[tuple[UUID, int]]:
    """Setups whose time is over and that nobody ended, the oldest first, each with its wallet. Read without a lock."""
    rows = hot_cursor().execute(_LAPSED, {"brand": brand_id, "now": now, "limit": limit})
    return [(row[0], row[1]) for row in rows]
