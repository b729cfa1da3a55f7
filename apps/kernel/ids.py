"""Identifiers."""

from datetime import datetime
from uuid import UUID

import uuid_utils

from apps.kernel.moments import epoch_milliseconds, from_epoch_milliseconds


def new_id() -> UUID:
    """A UUIDv7: unique, unguessable enough for a reference, and in the order of creation."""
    return UUID(int=uuid_utils.uuid7().int)


def parse_id(text: str) -> UUID | None:
    """Read a request reference; None for a malformed one, which behaves as an unknown one."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def moment_of(id: UUID) -> datetime:
    """The millisecond in which a UUIDv7 was made: its first 48 bits."""
    return from_epoch_milliseconds(id.int >> 80)


def lowest_id(moment: datetime) -> UUID:
    """The lowest UUIDv7 of a millisecond: ids made then or later are not below it. Before 1970 there are none."""
    return UUID(int=max(0, epoch_milliseconds(moment)) << 80)
