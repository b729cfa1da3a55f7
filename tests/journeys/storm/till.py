"""A till: a lean HTTP client that keeps its connection open and tries again as the document of the API asks."""

import base64
import http.client
import json
import socket
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

RETRYABLE = frozenset({1, 4, 18, 26, 28})
"""Refusals after which a call may be sent again with the same customRequestId; HTTP 429 is one more."""
DUPLICATE = 3
ANSWER_SECONDS = 30.0


class Lost(Exception):
    """The connection failed: whether the call was carried out is not known."""


class GaveUp(AssertionError):
    """A call that had to succeed was tried for too long."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a till stands: the server's port on this machine, and the headers of its calls."""

    port: int
    headers: dict[str, str]

    @classmethod
    def of(cls, *, port: int, key: str, secret: str, brand: str, location: str, terminal: str) -> "Place":
        """The headers from what the portal shows of a key and a terminal."""
        credentials = base64.b64encode(f"{key}:{secret}".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}", "Brand": brand, "Location": location, "Terminal": terminal}
        return cls(port, headers | {"Content-Type": "application/json"})


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; numbers are Decimal."""

    status: int
    body: dict[str, Any]

    @property
    def code(self) -> int | None:
        """The error code; None for a success."""
        code: int | None = self.body.get("errorCode")
        return code

    @property
    def reference(self) -> str:
        """The call's own reference."""
        return str(self.body["requestRef"])

    @property
    def may_be_retried(self) -> bool:
        """Whether the document allows to send the call again."""
        return self.status == 429 or self.code in RETRYABLE

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


@dataclass(slots=True)
class Till:
    """One connection. `troubles` counts what made it try again: codes, `429` and `lost`."""

    place: Place
    first_pause: float = 0.05
    longest_pause: float = 1.0
    troubles: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    slowest: float = 0.0
    _connection: http.client.HTTPConnection | None = None

    def send(self, method: str, body: dict[str, Any], custom_id: str | None = None) -> Reply:
        """One attempt. Raises `Lost` where no whole answer came back."""
        started = time.perf_counter()
        try:
            connection = self._connection = self._connection or self._connect()
            headers = self.place.headers | ({"customRequestId": custom_id} if custom_id else {})
            connection.request("POST", f"/merchant/{method}", json.dumps(body, default=_plain), headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as problem:
            self.close()
            raise Lost(repr(problem)) from problem
        self.calls += 1
        self.slowest = max(self.slowest, time.perf_counter() - started)
        if answer.will_close:
            self.close()
        return Reply(answer.status, json.loads(text, parse_float=Decimal))

    def insist(
        self,
        method: str,
        body: dict[str, Any],
        custom_id: str | None = None,
        *,
        reads: bool = False,
        seconds: float = 60,
    ) -> Reply:
        """Send until there is an answer that must not be retried: a success, a refusal, or 3 for an id that was used.

        The document's pauses double from two seconds on; these do from a fraction, so that a test meets the server
        while it is still getting up. Without an id, a change whose answer was lost is never sent again.
        """
        deadline, pause = time.monotonic() + seconds, self.first_pause
        while True:
            try:
                reply = self.send(method, body, custom_id)
                if not reply.may_be_retried:
                    return reply
                trouble = "429" if reply.status == 429 else str(reply.code)
            except Lost:
                if custom_id is None and not reads:
                    raise
                trouble = "lost"
            self.troubles[trouble] += 1
            if time.monotonic() > deadline:
                raise GaveUp(f"{method} {custom_id}: still {trouble} after {seconds} s")
            time.sleep(pause)
            pause = min(pause * 2, self.longest_pause)

    def do(self, method: str, body: dict[str, Any], custom_id: str | None = None, *, seconds: float = 60) -> str:
        """A change that must take place, exactly once; returns the reference of the call that made it."""
        reply = self.insist(method, body, custom_id or uuid4().hex, seconds=seconds)
        if reply.code == DUPLICATE:
            return str(reply["originalRequestRef"])
        assert reply.status == 200, reply.body
        return reply.reference

    def close(self) -> None:
        """Hang up; the next call connects again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.place.port, timeout=ANSWER_SECONDS)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value))
