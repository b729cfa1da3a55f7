"""Messages over HTTP to a real local server: signed, once, and never where they must not go."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest
from django.test import override_settings

from apps.kernel.ids import new_id
from apps.messaging.core.kinds import Channel, Reason
from apps.messaging.core.signature import HEADER, is_signed
from apps.messaging.operations.set_sender import set_sender
from apps.messaging.operations.settle_message import Later, Sent, Unsent
from apps.messaging.providers import connect, http
from apps.messaging.providers.interface import Account, NotNow, Outgoing, Refused
from tests.messaging.letters import ada, post, row_of, send
from tests.shop import Shop

KEY = "k" * 40
REF = UUID(int=7)


@dataclass
class Receiver:
    """What came in; `answers` are given one after the other, the last for ever."""

    port: int = 0
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=lambda: [(200, {}, b'{"id": "p-1"}')])
    seen: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.seen.append((self.path, dict(self.headers), body))
            status, headers, text = found.answers.pop(0) if len(found.answers) > 1 else found.answers[0]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with override_settings(MESSAGES_TO_PRIVATE_ADDRESSES=True):
        yield found
    server.shutdown()
    server.server_close()


def outgoing(**more: Any) -> Outgoing:
    return Outgoing(**{"id": new_id(), "channel": Channel.SMS, "body": "Hello", "to": "+1", "request_ref": REF} | more)


def account(url: str = "", **secrets: str) -> Account:
    return Account(brand_code="acme", kind="http", settings={"url": url}, secrets={"signing_key": KEY} | secrets)


def test_a_message_is_json_and_signed(receiver: Receiver) -> None:
    message = outgoing()
    assert http.send(message, account(receiver.url, authorization="Bearer x")) == "p-1"
    ((path, headers, body),) = receiver.seen
    assert (path, headers["Authorization"], headers["Content-Type"]) == ("/hook", "Bearer x", "application/json")
    assert headers["Idempotency-Key"] == str(message.id)
    assert is_signed(body, headers[HEADER], key=KEY, now=int(time.time()))
    expected = {"id": str(message.id), "channel": "sms", "brand": "acme", "to": "+1", "body": "Hello"}
    assert json.loads(body) == expected | {"requestRef": str(REF)}


@pytest.mark.parametrize("answer", [b"", b"no json", b"[1]", b'{"id": null}', b'{"x": "' + b"y" * 10_000 + b'"}'])
def test_success_is_success_whatever_the_answer_says(receiver: Receiver, answer: bytes) -> None:
    receiver.answers = [(204 if not answer else 202, {}, answer)]
    assert http.send(outgoing(), account(receiver.url)) == ""


@pytest.mark.parametrize("status", [400, 401, 404, 410, 422, 301, 302, 308])
def test_refusals_are_final_and_redirects_are_not_followed(receiver: Receiver, status: int) -> None:
    receiver.answers = [(status, {"Location": receiver.url}, b"")]
    with pytest.raises(Refused, match=str(status)):
        http.send(outgoing(), account(receiver.url))
    assert len(receiver.seen) == 1


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
def test_other_answers_are_tried_again(receiver: Receiver, status: int) -> None:
    receiver.answers = [(status, {"Retry-After": "90"}, b"")]
    with pytest.raises(NotNow) as problem:
        http.send(outgoing(), account(receiver.url))
    assert problem.value.wait == timedelta(seconds=90)


def test_nobody_there_is_tried_again() -> None:
    with socket.socket() as free, override_settings(MESSAGES_TO_PRIVATE_ADDRESSES=True):
        free.bind(("127.0.0.1", 0))
        with pytest.raises(NotNow):
            http.send(outgoing(), account(f"http://127.0.0.1:{free.getsockname()[1]}/"))


@pytest.mark.parametrize("url", ["", "https://", "ftp://example.com/", "file:///etc/passwd", "https://[::1", "x"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        http.send(outgoing(), account(url))


PRIVATE = [
    *("127.0.0.1", "localhost", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),
    *(
        "[::1]",
        "[fe80::1]",
        "[fc00::1]",
        "[fec0::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "224.0.0.1",
    ),
    *("2130706433", "0x7f.1", "127.1"),
]


@pytest.mark.parametrize("host", PRIVATE)
def test_our_own_network_is_out_of_reach(host: str) -> None:
    with pytest.raises((Refused, NotNow), match=r"not on the internet|not known"):
        http.send(outgoing(), account(f"https://{host}/"))


def test_plain_http_is_for_trying_out_only(receiver: Receiver) -> None:
    with override_settings(MESSAGES_TO_PRIVATE_ADDRESSES=False), pytest.raises(Refused, match="https"):
        http.send(outgoing(), account("http://example.com/"))


def test_a_name_that_changes_its_mind_is_asked_once(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answer is public and the second is ours: the connection goes to the first, and nowhere else."""
    answers, asked, reached = ["93.184.216.34", "127.0.0.1"], [], []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), port))]

    class Socket(socket.socket):
        def connect(self, address: Any) -> None:
            reached.append(address[0])
            raise OSError("unreachable in a test")

    monkeypatch.setattr(connect.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(connect.socket, "socket", Socket)
    with override_settings(MESSAGES_TO_PRIVATE_ADDRESSES=False), pytest.raises(NotNow):
        http.send(outgoing(), account("https://rebinding.example/"))
    assert (asked, reached) == (["rebinding.example"], ["93.184.216.34"])


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(connect.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(Refused):
        http.send(outgoing(), account("https://mixed.example/"))


def test_proxies_of_our_environment_are_not_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert http.send(outgoing(), account(receiver.url)) == "p-1"


@pytest.mark.parametrize("line", [b"X" * 300, b"HTTP/1.1 500 No\r\n" + b"X-A: b\r\n" * 100])
def test_a_server_that_drips_bytes_is_cut_off(monkeypatch: pytest.MonkeyPatch, line: bytes) -> None:
    monkeypatch.setattr(http, "SECONDS", 1.0)

    def drip(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            for byte in line:
                connection.sendall(bytes([byte]))
                time.sleep(0.05)

    with socket.socket() as server, override_settings(MESSAGES_TO_PRIVATE_ADDRESSES=True):
        server.bind(("127.0.0.1", 0))
        server.listen()
        threading.Thread(target=drip, args=(server,), daemon=True).start()
        began = time.monotonic()
        with pytest.raises(NotNow):
            http.send(outgoing(), account(f"http://127.0.0.1:{server.getsockname()[1]}/"))
        assert time.monotonic() - began < 4


# --- through the outbox ----------------------------------------------------------------------------------------------


@pytest.fixture
def shop(acme: Shop, receiver: Receiver) -> Shop:
    set_sender(brand=acme.brand, channel=Channel.WEBHOOK, kind="http")
    set_sender(brand=acme.brand, channel=Channel.SMS, kind="http", settings={"url": receiver.url})
    return acme


def test_a_json_template_is_the_whole_body(shop: Shop, receiver: Receiver) -> None:
    card = ada(shop, firstName='A"da')
    body = '{"name": "{{firstName}}", "points": [{{checkoutTotal}}]}'
    url = f"{receiver.url}?name={{{{firstName}}}}&x=1"
    message = post(shop, card, Channel.WEBHOOK, body=body, url=url, variables={"checkoutTotal": "9.50"})
    assert send(shop, message) == Sent("p-1")
    ((path, _, sent),) = receiver.seen
    assert (path, sent) == ("/hook?name=A%22da&x=1", b'{"name": "A\\"da", "points": [9.50]}')
    assert row_of(shop, message).provider_id == "p-1"


def test_every_attempt_has_the_same_key(shop: Shop, receiver: Receiver) -> None:
    receiver.answers = [(500, {}, b""), (200, {}, b"")]
    message = post(shop, ada(shop), Channel.SMS)
    assert send(shop, message) == Later("HTTP 500", None)
    assert send(shop, message) is None, "not due yet"
    assert isinstance(send(shop, message, now=row_of(shop, message).due_at), Sent)
    assert {headers["Idempotency-Key"] for _, headers, _ in receiver.seen} == {str(message)}


def test_what_is_refused_is_not_tried_again_and_what_fails_too_often_ends(shop: Shop, receiver: Receiver) -> None:
    card = ada(shop)
    receiver.answers = [(400, {}, b"")]
    refused = post(shop, card, Channel.SMS)
    assert send(shop, refused) == Unsent(Reason.REFUSED, "HTTP 400")
    assert row_of(shop, refused).reason == "refused"
    receiver.answers, failing = [(503, {}, b"")], post(shop, card, Channel.SMS)
    for _ in range(6):
        send(shop, failing, now=row_of(shop, failing).due_at)
    assert (row_of(shop, failing).reason, row_of(shop, failing).detail) == ("tooManyAttempts", "HTTP 503")
    assert len(receiver.seen) == 7


def test_a_webhook_into_our_network_is_refused(shop: Shop, receiver: Receiver) -> None:
    message = post(shop, None, Channel.WEBHOOK, url="https://169.254.169.254/latest")
    with override_settings(MESSAGES_TO_PRIVATE_ADDRESSES=False):
        send(shop, message)
    assert row_of(shop, message).reason == "refused"
    assert receiver.seen == []
