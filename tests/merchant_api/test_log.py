"""The request log: every call with valid credentials, nothing secret, nothing of others."""

import base64
import hashlib
import json
from typing import Any

import pytest
from django.test import override_settings

from apps.kernel.methods import METHODS
from apps.merchant_api.headers import client_address
from apps.requestlog.models import Request
from tests.merchant_api.steady import pinned
from tests.shop import Reply, Shop, usd

MASK = "*****"


def logged(shop: Shop, reply: Reply) -> Request:
    return Request.objects.get(brand=shop.brand, id=reply["requestRef"])


def count(shop: Shop) -> int:
    return Request.objects.filter(brand=shop.brand).count()


def kept(column: Any) -> Any:
    return json.loads(bytes(column))


def test_a_success_is_logged_with_all_there_is(acme: Shop) -> None:
    card = acme.card()
    headers = {"customRequestId": "c-1", "externalTransactionId": "e-1", "note": "a note"}
    body = usd(card, "issue", 5)
    reply = acme.post("updateBalance", body, **headers)
    row = logged(acme, reply)
    assert (METHODS[row.method], row.error_code, row.http_status) == ("updateBalance", 0, 200)
    assert (row.location_id, row.terminal_id, row.card_number) == (acme.location.pk, acme.terminal.pk, card)
    assert (row.custom_id, row.external_id, row.note) == ("c-1", "e-1", "a note")
    assert (kept(row.request), kept(row.response)["requestRef"]) == (body, reply["requestRef"])
    assert row.micros > 0


@pytest.mark.parametrize(
    ("code", "method", "body"),
    [
        (2, "updateBalance", usd("none", "issue", 5)),
        (9, "updateBalance", usd("none", "issue", 0)),
        (6, "updateBalance", {}),
        (6, "search", b"{"),
        (13, "updateBalance", usd("A-1", "redeem", 5)),
        (0, "search", {"filters": {}}),
        (0, "cardHistory", {"cardNumber": "A-1"}),
        (9, "checkout", {}),
    ],
)
def test_reads_and_refusals_are_logged(acme: Shop, code: int, method: str, body: Any) -> None:
    pinned(acme, "A-1")
    before = count(acme)
    reply = acme.post(method, body)
    row = logged(acme, reply)
    assert (row.error_code, row.http_status) == (code, reply.status)
    assert count(acme) == before + 1
    assert kept(row.response) == json.loads(reply.text)


@pytest.mark.parametrize("headers", [{"Location": "nowhere"}, {"Terminal": "till-9"}])
def test_a_wrong_location_or_terminal_is_logged_since_the_credentials_are_right(
    acme: Shop, headers: dict[str, str]
) -> None:
    row = logged(acme, acme.post("search", {"filters": {}}, **headers))
    assert (row.error_code, row.terminal_id) == (32, None)


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": "Basic eDp5"}, {"Authorization": ""}, {"Terminal": ""}, {"Brand": "no-such-brand"}],
)
def test_calls_without_valid_credentials_leave_no_row(acme: Shop, headers: dict[str, str]) -> None:
    before = Request.objects.count()
    acme.post("search", {"filters": {}}, **headers)
    assert Request.objects.count() == before


def test_such_calls_go_to_the_operators_log_without_their_body(acme: Shop, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        reply = acme.post("updateAccount", {"cardNumber": "secret-card"}, Authorization="Basic eDp5")
    assert reply["requestRef"] in caplog.text
    assert "secret-card" not in caplog.text


def test_pins_and_passwords_are_masked_in_headers_bodies_and_answers(acme: Shop) -> None:
    pinned(acme, "A-1", "7391")
    body = usd("A-1", "issue", 5) | {"forcePinValidation": True, "pin": "7391"}
    returned = {"filters": {"cardNumber": "A-1"}, "returnFields": {"pin": True}}
    replies = [
        acme.post("updateBalance", body, employee="alice", employeePassword="open sesame"),
        acme.post("updateBalance", body | {"pin": 7391}),
        acme.post(
            "updateBalance", body | {"pin": "7391x", "deep": [{"PIN": "7391", "employeePassword": "open sesame"}]}
        ),
        acme.post("search", returned),
    ]
    assert replies[-1]["cards"][0]["pin"] == "7391"
    for reply in replies:
        row = logged(acme, reply)
        text = b"".join(bytes(part) for part in (row.headers, row.request, row.response))
        assert not any(secret in text for secret in (b"7391", b"open sesame", acme.secret.encode()))
        assert kept(row.headers)["Authorization"] == MASK
    assert kept(logged(acme, replies[0]).headers)["employeePassword"] == MASK
    assert kept(logged(acme, replies[0]).request)["pin"] == MASK


def test_the_pin_that_allocate_answers_is_masked(acme: Shop) -> None:
    body = {"cardNumber": "A-1", "cardSetId": "gift-cards", "createIfNew": True}
    reply = acme.post("allocate", body)
    assert kept(logged(acme, reply).response)["pin"] == MASK
    assert logged(acme, reply).card_number == "A-1"


def test_credentials_are_in_no_row_in_any_form(acme: Shop) -> None:
    row = logged(acme, acme.post("search", {"filters": {}}))
    encoded = base64.b64encode(f"{acme.key}:{acme.secret}".encode())
    assert encoded not in bytes(row.headers)


@pytest.mark.parametrize("body", [b'{"pin":"7391"', b"\xff7391", b"[7391]", b""])
def test_of_a_body_that_cannot_be_parsed_length_and_digest_are_kept(acme: Shop, body: bytes) -> None:
    row = logged(acme, acme.post("updateBalance", body))
    assert kept(row.request) == {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    assert b"7391" not in bytes(row.headers) + bytes(row.response)


def test_the_card_of_an_allocation_by_set_and_of_searches_is_found(acme: Shop) -> None:
    pinned(acme, "A-1")
    for method, body in (
        ("search", {"filters": {"cardNumber": "A-1"}}),
        ("listValueTypes", {"lookupCardNumber": "A-1"}),
        ("cardHistory", {"cardNumber": "A-1"}),
    ):
        assert logged(acme, acme.post(method, body)).card_number == "A-1"


def test_card_numbers_that_are_no_texts_or_too_long_break_nothing(acme: Shop) -> None:
    for number in (True, 1.5, [], {"a": 1}, "x" * 5000, 10**50, None):
        row = logged(acme, acme.post("reactivate", {"cardNumber": number}))
        assert row.card_number is None or len(row.card_number) <= 64


def test_long_headers_are_kept_whole(acme: Shop) -> None:
    note = "n" * 6000
    row = logged(acme, acme.post("search", {"filters": {}}, note=note, customRequestId="i" * 6000))
    assert (row.note, len(row.custom_id or "")) == (note, 6000)


def test_the_log_of_one_brand_is_not_anothers(acme: Shop, charlie: Shop) -> None:
    reply = acme.post("search", {"filters": {}})
    assert not Request.objects.filter(brand=charlie.brand, id=reply["requestRef"]).exists()


@pytest.mark.parametrize(
    ("proxies", "sent", "address"),
    [
        (0, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, "10.0.0.1"),
        (1, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "made up, 203.0.113.9"}, "203.0.113.9"),
        (2, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "made up, 203.0.113.9, 10.0.0.2"}, "203.0.113.9"),
        (2, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "made up"}, "10.0.0.1"),
        (1, {"REMOTE_ADDR": "", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, "203.0.113.9"),
        (1, {"REMOTE_ADDR": ""}, None),
    ],
)
def test_the_address_is_what_the_outermost_trusted_proxy_saw(
    proxies: int, sent: dict[str, str], address: str | None
) -> None:
    with override_settings(PROXIES=proxies):
        assert client_address(sent) == address
