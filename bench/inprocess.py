"""Calls through the product's WSGI application in this process: no web server, no socket, the same code otherwise."""

import io
from typing import Any

from bench.brand import Till, new_custom_id


class InProcess:
    """The application with a till in front of it. Django must be set up."""

    def __init__(self, till: Till) -> None:
        from clutch_portal.wsgi import application

        self.till = till
        self._application = application

    def call(self, body: bytes, method: str = "updateBalance") -> bytes:
        """Make one call, which must succeed, and return the answer's body."""
        statuses: list[str] = []

        def start(status: str, _headers: Any, _problem: Any = None) -> None:
            statuses.append(status)

        answer = self._application(self._environment(body, method), start)
        content = b"".join(answer)
        answer.close()
        assert statuses[0].startswith("200"), content
        return content

    def _environment(self, body: bytes, method: str) -> dict[str, Any]:
        sent = self.till.headers() | {"customRequestId": new_custom_id(), "User-Agent": "bench", "Host": "127.0.0.1"}
        return {
            "REQUEST_METHOD": "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": f"/merchant/{method}",
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in sent.items()},
        }
