"""Who calls, when, and under which references: what every operation row says."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from apps.kernel.errors import ErrorCode, Refusal
from apps.requestlog.core.kinds import Origin


class DuplicateCustomRequestId(Refusal):
    """The customRequestId was consumed before (3); the answer names the call that did."""

    code = ErrorCode.DUPLICATE_CUSTOM_REQUEST_ID

    def __init__(self, original: UUID) -> None:
        super().__init__(
            "This customRequestId has already been used; originalRequestRef names the call that used it.",
            extra={"originalRequestRef": str(original)},
        )


class ConcurrentRequest(Refusal):
    """Another call with the same customRequestId has been running for too long (28). Retry."""

    code = ErrorCode.CONCURRENT_REQUEST_ACCESS
    message = "A call with the same customRequestId is still running. Try again in a moment."


class ConcurrentCard(Refusal):
    """Other calls keep the card busy (4). Retry."""

    code = ErrorCode.CONCURRENT_CARD_ACCESS
    message = "The card is busy with other calls. Try again in a moment."


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call, whoever makes it. `id` becomes requestRef and transactionId.

    `now` is the clock at the entry point; `moment` the moment of processing, which differs from it only for imports
    (customRequestDate). A till's ids, its key and the method are None where a page, a task or an import calls.
    """

    id: UUID
    brand_id: int
    origin: Origin
    now: datetime
    moment: datetime
    location_id: int | None = None
    terminal_id: int | None = None
    employee_id: int | None = None
    user_id: int | None = None
    credential_key: str | None = None
    method: str | None = None
    custom_id: str | None = None
    external_id: str | None = None
    note: str | None = None

    @property
    def digest(self) -> bytes | None:
        """What is kept of the customRequestId: the first 16 bytes of its SHA-256; None without one."""
        return digest_of(self.custom_id) if self.custom_id else None


def digest_of(custom_id: str) -> bytes:
    """The first 16 bytes of SHA-256: ids have no length limit, an index row has."""
    return sha256(custom_id.encode()).digest()[:16]
