"""One call of the JSON API on its way through the pipeline, as method modules see it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from apps.kernel.fragments import Fragment
from apps.merchant_api.wire.common import Response
from apps.merchant_api.wire.json import render
from apps.merchant_api.wire.mask import mask_response
from apps.merchant_api.wire.trim import trim
from apps.programs.core.configuration import Configuration
from apps.requestlog import fragments
from apps.requestlog.core.call import Call
from apps.requestlog.fragments import Exchange

Answer = TypeVar("Answer")
Reply = TypeVar("Reply", bound=Response)


@dataclass(slots=True)
class MerchantCall:
    """A call with valid credentials. `headers` and `body` are masked, as the log keeps them.

    `rendered` is the answer's body once there is one: for a changing call it is rendered inside the unit of work, since
    the request row is a part of the one write.
    """

    method: str
    call: Call
    configuration: Configuration
    credential_id: int
    address: str | None
    started: float
    headers: bytes
    body: bytes = b""
    card_number: str | None = None
    rendered: bytes | None = None

    def change(self, verb: Callable[..., Answer], respond: Callable[[Answer], Reply], **wanted: Any) -> Reply:
        """Run a changing verb; `respond` makes the answer's struct from what the verb says."""
        replies: list[Reply] = []

        def record(answer: Answer) -> Fragment:
            reply = respond(answer)
            replies.append(reply)
            return fragments.request(self.call, self.succeeded(reply))

        verb(call=self.call, configuration=self.configuration, record=record, **wanted)
        return replies[-1]

    def succeeded(self, reply: Response) -> Exchange:
        """Render a success and say what the log keeps of it."""
        reply.request_ref = str(self.call.id)
        trim(reply, version=self.configuration.api_version)
        self.rendered = render(reply)
        card_number = self.card_number or _card_number(reply)
        return self.exchange(error=0, status=200, card_number=card_number, response=self.rendered)

    def exchange(self, *, error: int, status: int, card_number: str | None, response: bytes) -> Exchange:
        """What the log keeps of this call and its answer."""
        return Exchange(
            method=self.method,
            error=error,
            status=status,
            credential_id=self.credential_id,
            card_number=card_number,
            address=self.address,
            micros=int((time.perf_counter() - self.started) * 1_000_000),
            headers=self.headers,
            request=self.body,
            response=mask_response(response),
        )


def _card_number(reply: Response) -> str | None:
    """The card that an answer names where the request named none: allocate from a set."""
    number = getattr(reply, "card_number", None)
    return number if isinstance(number, str) else None
