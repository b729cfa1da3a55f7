"""Identifiers."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A UUIDv7: unique, unguessable enough for a reference, and in the order of creation."""
    return UUID(int=uuid_utils.uuid7().int)


def parse_id(text: str) -> UUID | None:
    """Read a request reference; None for a malformed one, which behaves as an unknown one."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None
