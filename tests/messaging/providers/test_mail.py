"""E-mail through a real local SMTP server, and by a service of Anymail."""

import email
import socket
from collections.abc import Iterator
from email.message import Message
from typing import Any

import pytest
import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from django.test import override_settings

from apps.kernel.ids import new_id
from apps.messaging.core.kinds import Channel
from apps.messaging.operations.set_sender import set_sender
from apps.messaging.operations.settle_message import Later, Sent
from apps.messaging.providers import anymail
from apps.messaging.providers.interface import Account, NotNow, Outgoing, Refused
from tests.messaging.letters import ada, post, row_of, send
from tests.shop import Shop


class Postbox:
    """What came in. Recipients that begin with `no` are refused for ever, with `later` for now."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[Message] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802
        if address.startswith("no"):
            return f"550 {address} is not known here"
        if address.startswith("later"):
            return "451 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.mails.append(email.message_from_bytes(envelope.content))
        return "250 taken"


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found = Postbox(free.getsockname()[1])
    server = Controller(found, hostname="127.0.0.1", port=found.port)
    server.start()
    with override_settings(MESSAGES_TO_PRIVATE_ADDRESSES=True):
        yield found
    server.stop()


@pytest.fixture
def shop(acme: Shop, postbox: Postbox) -> Shop:
    settings = {"host": "127.0.0.1", "port": postbox.port, "security": "none"}
    set_sender(
        brand=acme.brand, channel=Channel.EMAIL, kind="smtp", from_address="Acme <news@acme.test>", settings=settings
    )
    return acme


def test_html_goes_with_a_text_version(shop: Shop, postbox: Postbox) -> None:
    body = "<h1>Hello {{firstName}}</h1>\n<p>Bye &amp; thanks</p>"
    message = post(shop, ada(shop), body=body, subject="For {{firstName}}\n")
    assert send(shop, message) == Sent(f"<{message}@acme.test>")
    (mail,) = postbox.mails
    assert (mail["To"], mail["From"], mail["Subject"]) == ("Ada@example.com", "Acme <news@acme.test>", "For Ada")
    assert mail["Message-ID"] == f"<{message}@acme.test>"
    text, html = mail.get_payload()
    assert text.get_payload().split("\r\n") == ["Hello Ada", "Bye & thanks"]  # type: ignore[union-attr]
    assert "<h1>Hello Ada</h1>" in html.get_payload()  # type: ignore[union-attr, operator]


def test_plain_text_stays_plain(shop: Shop, postbox: Postbox) -> None:
    send(shop, post(shop, ada(shop), body="1 < 2 {{lastName}}"))
    (mail,) = postbox.mails
    assert mail.get_content_type() == "text/plain"
    assert str(mail.get_payload()).strip() == "1 < 2 Lovelace"


def test_a_subject_cannot_add_headers(shop: Shop, postbox: Postbox) -> None:
    card = ada(shop, firstName="x\r\nBcc: eve@example.com")
    send(shop, post(shop, card, subject="{{firstName}}"))
    assert postbox.mails[0]["Bcc"] is None
    assert postbox.mails[0]["Subject"] == "x Bcc: eve@example.com"


def test_a_refused_recipient_is_final_and_not_named(shop: Shop, postbox: Postbox) -> None:
    message = post(shop, ada(shop, email="nobody@example.com"))
    send(shop, message)
    row = row_of(shop, message)
    assert (row.reason, row.detail) == ("refused", "550 *** is not known here")
    assert postbox.mails == []


def test_a_busy_server_is_tried_again(shop: Shop, postbox: Postbox) -> None:
    message = post(shop, ada(shop, email="later@example.com"))
    assert send(shop, message) == Later("451 come back later")


def test_a_server_that_is_away_is_tried_again(acme: Shop) -> None:
    settings = {"host": "127.0.0.1", "port": 1, "security": "none"}
    set_sender(brand=acme.brand, channel=Channel.EMAIL, kind="smtp", from_address="a@acme.test", settings=settings)
    with override_settings(MESSAGES_TO_PRIVATE_ADDRESSES=True):
        assert isinstance(send(acme, post(acme, ada(acme))), Later)


def test_a_mail_server_in_our_network_is_refused(shop: Shop, postbox: Postbox) -> None:
    message = post(shop, ada(shop))
    with override_settings(MESSAGES_TO_PRIVATE_ADDRESSES=False):
        send(shop, message)
    assert row_of(shop, message).reason == "refused"
    assert postbox.mails == []


# --- services --------------------------------------------------------------------------------------------------------


def by(service: str, **secrets: str) -> Account:
    told = {"service": service, "sender_domain": "acme.test"} if service == "mailgun" else {"service": service}
    return Account(brand_code="acme", kind="anymail", from_address="a@acme.test", settings=told, secrets=secrets)


@pytest.mark.parametrize("service", anymail.SERVICES)
@pytest.mark.parametrize(("status", "expected"), [(401, Refused), (429, NotNow), (500, NotNow)])
def test_every_service_is_asked_with_its_own_key(
    service: str, status: int, expected: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anymail's own request is caught at the door: what it would send is looked at, and the answer is ours."""
    seen: list[Any] = []

    def answered(session: requests.Session, **request: Any) -> requests.Response:
        seen.append(request)
        answer = requests.Response()
        answer.status_code, answer._content = status, b"{}"
        return answer

    monkeypatch.setattr(requests.Session, "request", answered)
    secrets = dict.fromkeys(anymail.SERVICES[service], "s3cret")
    message = Outgoing(id=new_id(), channel=Channel.EMAIL, to="ada@example.com", body="x", request_ref=new_id())
    with pytest.raises(expected):
        anymail.send_by_service(message, by(service, **secrets))
    assert len(seen) == 1 and seen[0]["timeout"] == 10
