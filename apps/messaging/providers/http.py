"""Messages to an HTTP receiver: a webhook, or a gateway for text messages and social networks.

    POST <url>
    Content-Type: application/json
    Idempotency-Key: <id of the message, the same at every attempt>
    X-Clutch-Signature: t=<seconds>,v1=<hex>      see `core.signature`
    Authorization: <secret `authorization`, if there is one>

    {"id": ..., "channel": "sms", "brand": ..., "from": ..., "to": "+14155550123", "body": ..., "cardNumber": ...,
     "requestRef": ...}

A webhook whose body is a JSON template gets exactly that. 2xx is success, and an `id` in a JSON answer is kept. 408,
425, 429 (with Retry-After) and 5xx are tried again; everything else, redirects too, is a refusal.
"""

import json
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from apps.messaging.core.signature import HEADER, sign
from apps.messaging.providers.connect import connect, deadline
from apps.messaging.providers.interface import SECONDS, Account, NotNow, Outgoing, Refused, as_json

_CONNECT, _READ = 5.0, 10.0
_MOST_BYTES = 4096
"""Of an answer; the rest is not read."""
_LATER = frozenset({408, 425, 429})


class _Checked:
    """Connections whose address was checked: see `connect`."""

    host: str
    port: int
    timeout: Any
    _dns_host: str

    def _new_conn(self) -> Any:
        timeout = self.timeout if isinstance(self.timeout, int | float) else _CONNECT
        return connect(self._dns_host, self.port, timeout)


class _Http(_Checked, HTTPConnection): ...


class _Https(_Checked, HTTPSConnection): ...


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _CheckedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


def send(message: Outgoing, account: Account) -> str:
    """Send by POST. The key `signing_key` signs what goes out."""
    url = message.url or str(account.settings.get("url", ""))
    _check(url)
    body = message.body.encode() if message.is_payload else json.dumps(as_json(message, account)).encode()
    try:
        with deadline(SECONDS), _session() as session:
            answer = session.post(
                url,
                data=body,
                headers=_headers(message, account, body),
                timeout=(_CONNECT, _READ),
                allow_redirects=False,
                stream=True,
            )
            return _understood(answer)
    except (requests.RequestException, HTTPError, OSError) as problem:
        if isinstance(problem, requests.exceptions.InvalidURL | requests.exceptions.InvalidHeader):
            raise Refused(f"It cannot be sent: {type(problem).__name__}.") from problem
        raise NotNow(f"No answer: {type(problem).__name__}.") from problem


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname)
    except ValueError:
        has_host = False
    if not has_host:
        raise Refused("There is no address to send to.")
    if parts.scheme != "https" and not (settings.MESSAGES_TO_PRIVATE_ADDRESSES and parts.scheme == "http"):
        raise Refused("Messages go over https only.")


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxies and no passwords from our own environment
    for scheme in ("http://", "https://"):
        session.mount(scheme, _CheckedAdapter(max_retries=0))
    return session


def _headers(message: Outgoing, account: Account, body: bytes) -> Mapping[str, str]:
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Clutch-Messages/1",
        "Idempotency-Key": str(message.id),
        HEADER: sign(body, key=account.secrets["signing_key"], timestamp=int(time.time())),
    }
    if authorization := account.secrets.get("authorization"):
        headers["Authorization"] = authorization
    return headers


def _understood(answer: requests.Response) -> str:
    status = answer.status_code
    if 200 <= status < 300:
        return _id_in(answer)
    if status in _LATER or status >= 500:
        wait = answer.headers.get("Retry-After", "")
        seconds = int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 9 else None
        raise NotNow(f"HTTP {status}", timedelta(seconds=seconds) if seconds is not None else None)
    raise Refused(f"HTTP {status}")


def _id_in(answer: requests.Response) -> str:
    """The `id` of a JSON answer. The message is gone: nothing that is wrong with the answer makes it a failure."""
    try:
        found = json.loads(answer.raw.read(_MOST_BYTES, decode_content=True))
        return str(found["id"])[:200] if isinstance(found, dict) and found.get("id") else ""
    except (ValueError, OSError, HTTPError, RecursionError):
        return ""
