"""Play the plan: every step is a call of the JSON API, dated by customRequestDate.

Every step has a customRequestId, so that a run that was cut short is taken up where it ended. Request references are
UUIDs of the moment of seeding: the request log shows when the calls came in, histories show when it happened.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.kernel.errors import ErrorCode
from apps.requestlog.core.call import digest_of
from apps.requestlog.unit import consumed_by
from apps.transactions.demo.diary import CardOf, ReferenceOf, Step
from apps.transactions.demo.till import InProcessTill

OURS_TO_REPAIR = frozenset(
    {
        ErrorCode.INTERNAL_SERVER_ERROR,
        ErrorCode.INVALID_CREDENTIALS,
        ErrorCode.REQUEST_FORMAT,
        ErrorCode.METHOD_NOT_FOUND,
        ErrorCode.REQUEST_HEADERS_FORMAT,
    }
)


class CannotPlay(Exception):
    """A step was answered with something that no till should ever see."""


class _Missing(Exception):
    """A step needs the card or the reference of a step that was refused."""


@dataclass(slots=True)
class Played:
    """What has become of the steps. `surprises` are refusals that the plan did not foresee."""

    calls: int = 0
    done_before: int = 0
    refused: int = 0
    skipped: int = 0
    surprises: list[str] = field(default_factory=list)


def perform(
    *,
    steps: Sequence[Step],
    till: InProcessTill,
    brand_id: int,
    is_fresh: bool,
    progress: Callable[[int, int], None],
) -> Played:
    """Play the steps in their order; `is_fresh` says that none of them can have been played before."""
    stage = _Stage(till)
    for number, step in enumerate(steps, 1):
        original = None if is_fresh else consumed_by(brand_id=brand_id, digest=digest_of(_custom_id(step)))
        if original is None:
            stage.play(step)
        else:
            stage.played.done_before += 1
            stage.references[step.name] = str(original)
        progress(number, len(steps))
    return stage.played


@dataclass(slots=True)
class _Stage:
    """The till, and what the answers said so far: request references and card numbers by step."""

    till: InProcessTill
    played: Played = field(default_factory=Played)
    references: dict[str, str] = field(default_factory=dict)
    cards: dict[str, str] = field(default_factory=dict)

    def play(self, step: Step) -> None:
        """Make the call of a step, unless it builds on one that was refused."""
        try:
            body = self._filled(step.body, step)
        except _Missing:
            self.played.skipped += 1
            return
        answer = self.till.call(step.method, body, _headers(step))
        self.played.calls += 1
        if answer["success"]:
            self.references[step.name] = answer["requestRef"]
            if step.method == "allocate":
                self.cards[step.name] = answer["cardNumber"]
        else:
            self._refused(step, answer)

    def _refused(self, step: Step, answer: Mapping[str, Any]) -> None:
        said = f"step {step.name}, {step.method}: {answer['errorCode']} {answer['errorMessage']}"
        if answer["errorCode"] in OURS_TO_REPAIR:
            raise CannotPlay(said)
        self.played.refused += 1
        if answer["errorCode"] not in step.refusals:
            self.played.surprises.append(said)

    def _filled(self, value: Any, step: Step) -> Any:
        """The body with card numbers and references in their places."""
        if isinstance(value, Mapping):
            return {name: self._filled(each, step) for name, each in value.items()}
        if isinstance(value, list):
            return [self._filled(each, step) for each in value]
        if isinstance(value, CardOf):
            return self._card(value.step, step)
        return self._reference(value.step) if isinstance(value, ReferenceOf) else value

    def _reference(self, name: str) -> str:
        if name not in self.references:
            raise _Missing
        return self.references[name]

    def _card(self, name: str, step: Step) -> str:
        """The card that a step allocated; the API is asked where an earlier run made that call."""
        if name not in self.cards:
            answer = self.till.call("requestLookup", {"requestRef": self._reference(name)}, _place(step))
            self.cards[name] = answer["cardNumber"]
        return self.cards[name]


def _custom_id(step: Step) -> str:
    return f"demo/{step.name}"


def _place(step: Step) -> dict[str, str]:
    return {"location": step.till.place, "terminal": step.till.terminal, "employee": step.till.employee}


def _headers(step: Step) -> dict[str, str]:
    headers = {**_place(step), "customRequestId": _custom_id(step)}
    return headers | {"externalTransactionId": step.receipt} if step.receipt else headers
