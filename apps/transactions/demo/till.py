"""A till inside this process: it calls the JSON API by WSGI, without a server between."""

import base64
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import msgspec
from django.core.handlers.wsgi import WSGIHandler

from apps.kernel.typed import from_json

_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = from_json(dict[str, Any])


@dataclass(frozen=True, slots=True)
class Caller:
    """The credentials that calls carry."""

    brand: str
    key: str
    secret: str

    @property
    def headers(self) -> dict[str, str]:
        """Authorization and brand."""
        credentials = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        return {"Authorization": f"Basic {credentials}", "brand": self.brand}


class InProcessTill:
    """Calls methods of `/merchant` as a till would: headers, body, pipeline, request log."""

    def __init__(self, caller: Caller) -> None:
        self._headers = caller.headers
        self._application = WSGIHandler()

    def call(self, method: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
        """Post the body and return the answer, whatever it says."""
        content = _encode(body)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/merchant/{method}",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.input": BytesIO(content),
            "wsgi.errors": sys.stderr,
        }
        for name, value in {**self._headers, **headers}.items():
            environ[f"HTTP_{name.upper()}"] = value
        setup_testing_defaults(environ)
        response = self._application(environ, _ignore_head)
        try:
            answer = _decode(b"".join(response))
        finally:
            response.close()
        return answer


def _ignore_head(status: str, headers: object, problem: object = None, /) -> Callable[[bytes], object]:
    """WSGI wants to tell status and headers; the body says all that matters here."""
    return len
