"""A lean load generator: one thread, non-blocking sockets with keep-alive, no HTTP library.

A library costs more per call than the server under test, and on a small machine both share the same cores.
"""

import selectors
import socket
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

MakeCall = Callable[[int], bytes]
"""The bytes of a whole request, for the n-th call of the run."""


class CallFailed(Exception):
    """The server answered something else than a success."""


@dataclass
class Load:
    """What one run did. Latencies are in seconds."""

    calls: int = 0
    seconds: float = 0.0
    generator_cpu: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Calls per second."""
        return self.calls / self.seconds

    def __str__(self) -> str:
        ordered = sorted(self.latencies)
        p50, p99 = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
        return f"{self.rate:.0f}/s, p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms"


class _Client:
    """One connection that waits for an answer before it sends the next call."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent = 0.0
        self._received = b""

    def send(self, call: bytes) -> None:
        self.sent = time.perf_counter()
        self._received = b""
        self.socket.sendall(call)

    def receive(self) -> bool:
        """Read what is there; says whether the answer is complete."""
        part = self.socket.recv(65536)
        if not part:
            raise CallFailed(f"the server closed the connection after {self._received!r}")
        self._received += part
        head, gap, body = self._received.partition(b"\r\n\r\n")
        if not gap or len(body) < _length(head):
            return False
        if not head.startswith(b"HTTP/1.1 200") or b'"success":true' not in body:
            raise CallFailed(self._received.decode(errors="replace"))
        return True


def run(port: int, make_call: MakeCall, *, clients: int, seconds: float, most: int = 1_000_000) -> Load:
    """Keep `clients` connections busy for so many seconds, or so many calls. Every answer must be a success."""
    load = Load()
    connections = [_Client(port) for _ in range(clients)]
    with selectors.DefaultSelector() as selector:
        begin, cpu = time.perf_counter(), time.process_time()
        for number, client in enumerate(connections):
            selector.register(client.socket, selectors.EVENT_READ, client)
            client.send(make_call(number))
        _drive(selector, load, make_call, begin=begin, clients=clients, seconds=seconds, most=most)
        load.seconds = time.perf_counter() - begin
        load.generator_cpu = time.process_time() - cpu
    for client in connections:
        client.socket.close()
    return load


def _drive(
    selector: selectors.BaseSelector,
    load: Load,
    make_call: MakeCall,
    *,
    begin: float,
    clients: int,
    seconds: float,
    most: int,
) -> None:
    number, waiting = clients, clients
    while waiting:
        ready = selector.select(timeout=15)
        if not ready:
            raise CallFailed("no answer within 15 seconds")
        for key, _ in ready:
            client: _Client = key.data
            if not client.receive():
                continue
            now = time.perf_counter()
            load.calls += 1
            load.latencies.append(now - client.sent)
            if now - begin < seconds and number < most:
                client.send(make_call(number))
                number += 1
            else:
                selector.unregister(client.socket)
                waiting -= 1


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
