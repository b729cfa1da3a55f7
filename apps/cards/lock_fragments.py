"""The checkout lock of a card in the one write statement."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from apps.kernel.fragments import Fragment

_LOCK = """UPDATE cards_card SET locked_until = %(until)s, locked_by = %(by)s, lock_except = %(except)s::bigint[],
 lock_room = %(room)s::numeric[] WHERE brand_id = %(brand)s AND id = %(id)s"""

# by the root's wallet, which a card and its successor do not share; a later lock is somebody else's
_UNLOCK = """UPDATE cards_card SET locked_until = NULL, locked_by = NULL, lock_except = NULL, lock_room = NULL,
 enrolled_at = coalesce(enrolled_at, %(enrolled)s::timestamptz)
 WHERE brand_id = %(brand)s AND wallet_id = %(family)s AND locked_by = %(setup)s"""


def lock_card(*, brand_id: int, card_id: int, until: datetime, by: UUID, room: Mapping[int, Decimal]) -> Fragment:
    """A setup locks the card and its children. `room` has the value types that stay usable, and for each of them how
    much must stay free below its maximum."""
    params = {"brand": brand_id, "id": card_id, "until": until, "by": by}
    return Fragment("card_locked", _LOCK, params | {"except": list(room), "room": list(room.values())})


def unlock_card(*, brand_id: int, family_id: int, setup_id: UUID, enrolled_at: datetime | None = None) -> Fragment:
    """The lock of this setup goes, if it is still there. `enrolled_at` enrols the card in the same UPDATE, unless it is
    enrolled already: PostgreSQL would lose a second one of the same row in the same statement."""
    params = {"brand": brand_id, "family": family_id, "setup": setup_id, "enrolled": enrolled_at}
    return Fragment("card_unlocked", _UNLOCK, params)
