"""Write down what became of a message that was claimed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apps.kernel.db.hot import hot_cursor
from apps.messaging.core.attempts import next_attempt
from apps.messaging.core.kinds import FAILURES, Reason, State
from apps.messaging.operations.claim_message import Claimed

LONGEST_DETAIL = 500

# The number of the attempt is the claim: whoever lost its lease writes nothing over what the next one did.
_MINE = f"o.id = %(id)s AND o.state = {int(State.QUEUED)} AND o.attempts = %(attempts)s"
_SENT = f"""UPDATE messaging_outbox o SET state = {int(State.SENT)}, claimed_until = NULL, sent_at = %(now)s,
 detail = '', provider_id = %(provider_id)s WHERE o.brand_id = %(brand)s AND {_MINE}"""
_OVER = f"""UPDATE messaging_outbox o SET state = %(state)s, claimed_until = NULL, reason = %(reason)s,
 detail = %(detail)s WHERE o.brand_id = %(brand)s AND {_MINE}"""
_AGAIN = f"""UPDATE messaging_outbox o SET claimed_until = NULL, due_at = %(due)s, detail = %(detail)s
 WHERE o.brand_id = %(brand)s AND {_MINE}"""


@dataclass(frozen=True, slots=True)
class Sent:
    """It left; the provider's own id of it, if it gave one."""

    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Unsent:
    """It did not leave, and will not. `detail` adds to the reason."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """It did not leave yet. `wait`: what the provider asked for."""

    detail: str
    wait: timedelta | None = None


Outcome = Sent | Unsent | Later


def settle_message(*, message: Claimed, outcome: Outcome, now: datetime) -> Outcome:
    """Write the outcome; what was tried too often is unsent. Returns the outcome as it was written."""
    if isinstance(outcome, Sent):
        _settle(_SENT, message, now=now, provider_id=outcome.provider_id)
        return outcome
    if isinstance(outcome, Later):
        due = next_attempt(attempts=message.attempts, now=now, wanted=outcome.wait)
        if due is not None:
            _settle(_AGAIN, message, due=due, detail=outcome.detail[:LONGEST_DETAIL])
            return outcome
        outcome = Unsent(Reason.TOO_MANY_ATTEMPTS, outcome.detail)
    state = State.FAILED if outcome.reason in FAILURES else State.UNSENT
    detail = outcome.detail[:LONGEST_DETAIL]
    _settle(_OVER, message, state=int(state), reason=outcome.reason.value, detail=detail)
    return outcome


def _settle(sql: str, message: Claimed, **values: Any) -> None:
    own = {"brand": message.brand_id, "id": message.id, "attempts": message.attempts}
    hot_cursor().execute(sql, own | values)
