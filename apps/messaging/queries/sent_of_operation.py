"""How many messages a call has sent."""

from uuid import UUID

from apps.kernel.db.hot import Cursor
from apps.messaging.core.kinds import Purpose, State

_SENT = f"""SELECT count(*) FROM messaging_outbox o WHERE o.brand_id = %(brand)s AND o.operation_id = %(operation)s
 AND o.state = {int(State.SENT)} AND o.purpose = {int(Purpose.NOTIFICATION)}"""


def sent_of_operation(cursor: Cursor, *, brand_id: int, operation_id: UUID) -> int:
    """How many notifications of an operation have left, direct ones not counted."""
    row = cursor.execute(_SENT, {"brand": brand_id, "operation": operation_id}).fetchone()
    assert row is not None
    return int(row[0])
