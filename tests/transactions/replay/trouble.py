"""A bad line: hands calls on to the server, and now and then loses the answer or gives one of its own."""

import http.client
import json
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOST = "lost"


class BadLine(ThreadingHTTPServer):
    """`troubles` maps a method to what happens to its next calls: LOST, an HTTP status, or a code of the API."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = port
        self.troubles: dict[str, deque[str | int]] = defaultdict(deque)
        self.seen: list[str] = []

    @property
    def url(self) -> str:
        """Where a till finds it."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: BadLine
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        method = self.path.rpartition("/")[2]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append(method)
        trouble = self.server.troubles[method].popleft() if self.server.troubles[method] else None
        if isinstance(trouble, int):
            self._answer(429 if trouble == 429 else 400, _refusal(trouble))
            return
        status, content = self._hand_on(body)
        if trouble == LOST:
            self.close_connection = True
            return
        self._answer(status, content)

    def _hand_on(self, body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        connection.request("POST", self.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, content

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _refusal(code: int) -> bytes:
    return json.dumps({"success": False, "errorCode": code, "errorMessage": "trouble", "requestRef": "none"}).encode()


@contextmanager
def bad_line(port: int) -> Iterator[BadLine]:
    """A bad line to the server on this port while the block runs."""
    with BadLine(port) as line:
        thread = threading.Thread(target=line.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield line
        line.shutdown()
        thread.join()
