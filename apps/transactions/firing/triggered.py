"""What calls share that do nothing but trigger campaigns."""

from collections.abc import Sequence
from typing import TypeVar

from apps.kernel.fragments import Fragment
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.transactions.firing.fire import CONTESTED, Fired

Answer = TypeVar("Answer")


def plan_of(
    fired: Fired,
    answer: Answer,
    *,
    call_type: CallType = CallType.CAMPAIGN,
    fragments: Sequence[Fragment] = (),
    contested: Sequence[str] = (),
) -> Plan[Answer]:
    """Write what campaigns did on the card, and the call's own `fragments`. Such a call is no visit."""
    scene = fired.stage.scene
    assert scene is not None, "what triggers campaigns is about a card"
    return Plan(
        answer=answer,
        call_type=call_type,
        occurred_at=scene.book.at,
        fragments=[*scene.posting(), *fragments, *fired.fragments()],
        family_id=scene.family_id,
        child_id=scene.child_id,
        contested=(*CONTESTED, *contested),
        after_commit=fired.after_commit,
        explanation=fired.explanation,
    )
