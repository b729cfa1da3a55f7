"""What a return of goods does to a card's events, as a part of the one write statement."""

from uuid import UUID

from apps.kernel.fragments import Fragment

_REMOVE = """UPDATE cards_event SET removed_by = %(by)s
 WHERE brand_id = %(brand)s AND operation_id = %(operation)s AND removed_by IS NULL"""


def remove_events(*, brand_id: int, operation_id: UUID, by: UUID) -> Fragment:
    """The events that a checkout logged are taken back, on whichever card they are by now."""
    return Fragment("removed_events", _REMOVE, {"brand": brand_id, "operation": operation_id, "by": by})
