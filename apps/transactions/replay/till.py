"""A till that calls the JSON API over HTTP, and calls again as the API's document asks."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import msgspec
import requests
from requests.utils import get_environ_proxies

from apps.kernel.errors import ErrorCode
from apps.kernel.typed import from_json
from apps.transactions.replay.pace import Pace
from apps.transactions.replay.tally import Tally

RETRYABLE = frozenset(
    {
        ErrorCode.INTERNAL_SERVER_ERROR,
        ErrorCode.CONCURRENT_CARD_ACCESS,
        ErrorCode.CONCURRENT_CHANNEL_ACCESS,
        ErrorCode.CONCURRENT_COUPON_ACCESS,
        ErrorCode.CONCURRENT_REQUEST_ACCESS,
    }
)
TOO_MANY_CALLS = 429
TIMEOUT = (5, 30)
"""Seconds to connect, and to wait for an answer."""
LONGEST_WAIT = 300.0
"""Seconds that a server can ask us to wait at most."""

_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = from_json(dict[str, Any])


class Refused(Exception):
    """The call was refused, and calling again would not help."""

    def __init__(self, method: str, answer: Mapping[str, Any]) -> None:
        super().__init__(f"{method}: {answer.get('errorCode')} {answer.get('errorMessage')}")
        self.code: int = answer.get("errorCode", 0)
        self.original: str | None = answer.get("originalRequestRef")


class OutOfReach(Exception):
    """Called as often as is reasonable, and there was never a useful answer."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the API is, and as whom and where from it is called."""

    base_url: str
    brand: str
    location: str
    terminal: str
    key: str
    secret: str


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a call is made at most, and the wait before the second time; every further wait is twice as long."""

    tries: int = 8
    first_wait: float = 2.0


class HttpTill:
    """One connection; not for use by several threads. Every call carries `run_id` as externalTransactionId."""

    def __init__(self, *, address: Address, run_id: str, pace: Pace, patience: Patience, tally: Tally) -> None:
        self._url = address.base_url.rstrip("/") + "/merchant/"
        self._pace, self._patience, self._tally = pace, patience, tally
        self._session = requests.Session()
        self._session.trust_env = False  # it would read .netrc with every call
        self._session.proxies = dict(get_environ_proxies(self._url))
        self._session.auth = (address.key, address.secret)
        self._session.headers.update(
            {
                "brand": address.brand,
                "location": address.location,
                "terminal": address.terminal,
                "externalTransactionId": run_id,
                "Content-Type": "application/json",
            }
        )

    def __enter__(self) -> "HttpTill":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def call(self, method: str, body: Mapping[str, Any], *, custom_id: str = "", note: str = "") -> dict[str, Any]:
        """Make a call until there is an answer that counts.

        A call that changes something needs a `custom_id`: the same one goes along every time, so that it is carried
        out once. Refused: the answer is a refusal; OutOfReach: no answer that counts; Stopped: the run ends.
        """
        headers = {name: value for name, value in (("customRequestId", custom_id), ("note", note)) if value}
        content, wait = _encode(body), self._patience.first_wait
        for left in range(self._patience.tries - 1, -1, -1):
            self._pace.wait()
            answer, trouble, asked = self._attempt(method, content, headers)
            if answer is not None:
                return answer
            self._tally.again(trouble)
            if left:
                self._pace.rest(max(wait, asked))
                wait *= 2
        raise OutOfReach(f"{method}: {self._patience.tries} times in vain, the last time {trouble}")

    def _attempt(
        self, method: str, content: bytes, headers: Mapping[str, str]
    ) -> tuple[dict[str, Any] | None, str, float]:
        """The answer, or what was wrong and how many seconds the server asks to wait."""
        began = time.perf_counter()
        try:
            response = self._session.post(self._url + method, data=content, headers=headers, timeout=TIMEOUT)
            answer = _decode(response.content)
        except requests.RequestException as problem:
            self._tally.unanswered()
            return None, type(problem).__name__, 0.0
        except msgspec.DecodeError:
            self._tally.unanswered()
            return None, f"HTTP {response.status_code} without JSON", 0.0
        self._tally.answered(method, time.perf_counter() - began, str(answer.get("requestRef")))
        if answer.get("success"):
            return answer, "", 0.0
        if response.status_code == TOO_MANY_CALLS:
            return None, "HTTP 429", seconds_asked(response.headers.get("Retry-After"))
        if answer.get("errorCode") in RETRYABLE:
            return None, f"code {answer['errorCode']}", 0.0
        raise Refused(method, answer)


def seconds_asked(retry_after: str | None) -> float:
    """Seconds in a Retry-After header; 0, so that our own patience decides, where it names a date or nonsense."""
    asked = (retry_after or "").strip()
    return min(float(asked), LONGEST_WAIT) if asked.isdecimal() else 0.0
