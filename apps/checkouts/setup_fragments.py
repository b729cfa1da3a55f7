"""Locking setups in the one write statement."""

from datetime import datetime
from uuid import UUID

from apps.kernel.fragments import Fragment

_OPEN = """INSERT INTO checkouts_setup (brand_id, operation_id, family_id, wallet_id, until, plan)
 VALUES (%(brand)s, %(operation)s, %(family)s, %(wallet)s, %(until)s, %(plan)s)"""

# What it showed may tell something about a person, and nobody needs it any more.
_END = """UPDATE checkouts_setup SET ended_by = %(by)s, plan = ''
 WHERE brand_id = %(brand)s AND operation_id = %(setup)s AND ended_by IS NULL"""


def open_setup(
    *, brand_id: int, operation_id: UUID, family_id: int, wallet_id: int, until: datetime, plan: bytes
) -> Fragment:
    """A locking setup. `wallet_id` is the wallet whose value it reserved; `plan` is what it showed, as data."""
    params = {"brand": brand_id, "operation": operation_id, "family": family_id, "wallet": wallet_id}
    return Fragment("setup", _OPEN, params | {"until": until, "plan": plan})


def end_setup(*, brand_id: int, operation_id: UUID, by: UUID) -> Fragment:
    """A setup is over: completed, cancelled, released, or tidied up after its time."""
    return Fragment("setup_ended", _END, {"brand": brand_id, "setup": operation_id, "by": by})
