"""What a verb decided: its answer, and the fragments that make it true."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from apps.kernel.fragments import Fragment
from apps.requestlog.core.kinds import CallType

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What campaigns knew of a call, and what became of their rules: JSON that is kept beside the call."""

    facts: bytes
    verdicts: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Generic[Answer]):
    """A decided change. `after_commit` is called once the change is durable, and never if it is not.

    `contested` names unique and check constraints that another call may have used up since the read; the unit then runs
    again.
    """

    answer: Answer
    call_type: CallType
    occurred_at: datetime
    fragments: Sequence[Fragment]
    family_id: int | None = None
    child_id: int | None = None
    custom_mutation_type: str | None = None
    contested: tuple[str, ...] = ()
    after_commit: Sequence[Callable[[], None]] = ()
    explanation: Explanation | None = None
