"""Bodies: what is read as JSON, what answers 6, and what answers 9 by itself. The binder has tests of its own."""

import io
import json
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from tests.merchant_api.steady import refused
from tests.shop import Shop, usd


@pytest.mark.parametrize("content_type", ["", "application/json", "application/x-www-form-urlencoded", "text/plain"])
def test_json_is_read_whatever_the_content_type_says(acme: Shop, content_type: str) -> None:
    for body in (b'{"filters":{}}', b' \n{"filters" : {}} '):
        response = acme.client.post("/merchant/search", body, content_type=content_type, headers=acme.headers())
        assert response.status_code == 200, response.content


@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=x", "application/xml; charset=latin-1", "%"])
def test_odd_content_types_are_read_as_json_too(acme: Shop, content_type: str) -> None:
    response = acme.client.post(
        "/merchant/search", b'{"filters":{}}', content_type=content_type, headers=acme.headers()
    )
    assert response.status_code == 200, response.content


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  ",
        b"[]",
        b"null",
        b"1",
        b'"{}"',
        b"{",
        b"{'filters':{}}",
        b"filters=1",
        b"<xml/>",
        b"\xff\xfe",
        b"\x00",
        '{"filters":{}}'.encode("utf-16"),
        b'{"filters":{"cardNumber":NaN}}',
        b'{"filters":{},"limit":Infinity}',
        b'{"filters":{},"limit":1e400}',
        b'{"filters":{},"limit":1e999999999}',
        b'{"filters":{}} trailing',
        b'{"filters":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"filters":{},"x":"' + b"x" * 1024 * 1024 + b'"}',
    ],
)
def test_what_is_no_json_object_answers_6(acme: Shop, body: bytes) -> None:
    refused(acme, 6, "search", body)


def test_a_body_of_exactly_one_mebibyte_is_read(acme: Shop) -> None:
    start, end = b'{"filters":{},"x":"', b'"}'
    acme.ok("search", start + b"x" * (1024 * 1024 - len(start) - len(end)) + end)


def test_unquoted_names_are_accepted(acme: Shop) -> None:
    card = acme.card()
    reply = acme.ok("search", f'{{filters:{{cardNumber:"{card}"}}}}'.encode())
    assert [each["cardNumber"] for each in reply["cards"]] == [card]


def test_null_is_absent_and_unknown_fields_are_ignored(acme: Shop) -> None:
    card = acme.card()
    acme.ok("updateBalance", usd(card, "issue", 5, note=None, isReturnRelated=None, whatever={"deep": [1]}))
    refused(acme, 6, "updateBalance", usd(card, "issue", 5) | {"action": None})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cardNumber", True),
        ("cardNumber", 1.5),
        ("cardNumber", ["x"]),
        ("cardNumber", {}),
        ("action", 1.5),
        ("amount", 5),
        ("amount", "5"),
        ("amount", [5]),
        ("isReturnRelated", "true"),
        ("isReturnRelated", 1),
        ("returnBalances", 0),
        ("issuedBalanceExpiration", "2030-01-01"),
        ("issuedBalanceExpiration", "2030-02-30 00:00:00"),
        ("issuedBalanceExpiration", 1893456000),
        ("redeemFromHoldTransactionId", False),
        ("pin", 1.5),
        ("pin", True),
    ],
)
def test_wrong_types_answer_6(acme: Shop, field: str, value: Any) -> None:
    refused(acme, 6, "updateBalance", usd(acme.card(), "issue", 5) | {field: value})


@pytest.mark.parametrize("amount", ["ten", "1_000", "1,000", "", " 1", "٣", "0x10", "1e400", "NaN", True, [1], {}])
def test_what_is_no_number_answers_6(acme: Shop, amount: Any) -> None:
    refused(acme, 6, "updateBalance", usd(acme.card(), "issue", amount))


def test_a_missing_required_field_answers_6_below_the_top_too(acme: Shop) -> None:
    card = acme.card()
    refused(acme, 6, "updateBalance", {"cardNumber": card, "action": "issue", "amount": {"amount": 5}})
    refused(acme, 6, "updateBalance", {"cardNumber": card, "amount": {"balanceType": "Points", "amount": 5}})
    refused(acme, 6, "search", {})
    refused(acme, 6, "search", {"filters": None})


@pytest.mark.parametrize(("field", "value"), [("action", "give"), ("action", "ISSUE"), ("action", 5)])
def test_values_that_are_not_allowed_answer_9(acme: Shop, field: str, value: Any) -> None:
    refused(acme, 9, "updateBalance", usd(acme.card(), "issue", 5) | {field: value})


def test_6_wins_over_9(acme: Shop) -> None:
    refused(acme, 6, "updateBalance", usd(acme.card(), "give", "ten"))


def test_a_repeated_name_counts_with_its_last_value(acme: Shop) -> None:
    card = acme.card()
    body = json.dumps(usd(card, "issue", 5))[:-1] + ', "action": "give"}'
    refused(acme, 9, "updateBalance", body.encode())


@pytest.mark.parametrize("number", ["'; DROP TABLE cards_card; --", "%s", "%(brand)s", "\\", "\u2028", "x" * 100_000])
def test_strange_texts_are_just_texts(acme: Shop, number: str) -> None:
    refused(acme, 2, "updateBalance", usd(number, "issue", 5))
    assert acme.ok("search", {"filters": {"cardNumber": number}})["cards"] == []


def test_a_nul_character_answers_6(acme: Shop) -> None:
    refused(acme, 6, "updateBalance", usd("a\0b", "issue", 5))


def test_a_body_without_announced_length_is_read(acme: Shop) -> None:
    request = RequestFactory(headers=acme.headers()).post("/merchant/search", b"", content_type="application/json")
    environ = request.environ | {"wsgi.input": io.BytesIO(b'{"filters":{}}'), "HTTP_TRANSFER_ENCODING": "chunked"}
    environ.pop("CONTENT_LENGTH", None)
    statuses: list[str] = []
    b"".join(WSGIHandler()(environ, lambda status, _: statuses.append(status)))
    assert statuses == ["200 OK"]
