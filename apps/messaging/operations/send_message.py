"""Send one message of the outbox."""

from datetime import datetime
from uuid import UUID

import structlog

from apps.messaging.compose import NotToSend, compose
from apps.messaging.core.attempts import MOST_ATTEMPTS
from apps.messaging.core.kinds import Reason
from apps.messaging.operations.claim_message import Claimed, claim_message
from apps.messaging.operations.settle_message import Later, Outcome, Sent, Unsent, settle_message
from apps.messaging.providers.interface import NotNow, Refused
from apps.messaging.providers.table import PROVIDERS
from apps.messaging.queries.read_account import read_account

log = structlog.get_logger(__name__)


def send_message(*, brand_id: int, message_id: UUID, now: datetime) -> Outcome | None:
    """Claim the message (committed), send it, write down what became of it. None if there is nothing to do: it is not
    due, somebody else has it, or there is none."""
    message = claim_message(brand_id=brand_id, message_id=message_id, now=now)
    if message is None:
        return None
    return settle_message(message=message, outcome=_outcome(message, now), now=now)


def _outcome(message: Claimed, now: datetime) -> Outcome:
    if message.attempts > MOST_ATTEMPTS:
        # its workers died each time before they could say so
        return Unsent(Reason.TOO_MANY_ATTEMPTS, "Attempts ended without an answer.")
    try:
        return Sent(_send(message, now))
    except NotToSend as problem:
        return Unsent(problem.reason, problem.detail)
    except Refused as problem:
        return Unsent(Reason.REFUSED, str(problem))
    except NotNow as problem:
        return Later(str(problem), problem.wait)
    except Exception:
        log.exception("message not sent", brand=message.brand_id, message=str(message.id))
        return Later("A fault of ours; the log has more.")


def _send(message: Claimed, now: datetime) -> str:
    outgoing = compose(message, now=now)
    account = read_account(brand_id=message.brand_id, channel=message.way)
    if account is None:
        raise NotToSend(Reason.NO_SENDER)
    try:
        return PROVIDERS[account.kind].send(outgoing, account)
    except (Refused, NotNow) as problem:
        problem.args = (_masked(str(problem), outgoing.to),)
        raise


def _masked(text: str, address: str) -> str:
    """A provider's words without the address: they are kept longer than a person may be."""
    return text.replace(address, "***") if address else text
