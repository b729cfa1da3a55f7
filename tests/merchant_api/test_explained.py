"""What is said about every call."""

from apps.kernel.errors import ErrorCode
from apps.merchant_api.explained import CODES, HEADERS, STATUSES
from apps.merchant_api.openapi import document
from apps.merchant_api.pipeline import STATUS
from apps.merchant_api.view import CORS
from apps.transactions.replay.till import RETRYABLE

DOCUMENT = document("https://api.example.com")


def test_every_error_code_is_explained_in_words_of_its_own() -> None:
    assert list(CODES) == list(ErrorCode)
    assert len({meaning.text for meaning in CODES.values()}) == len(CODES)
    assert all(f"* {code.value} (" in DOCUMENT["info"]["description"] for code in ErrorCode)


def test_the_codes_to_retry_are_those_that_our_own_client_retries() -> None:
    assert {code for code, meaning in CODES.items() if meaning.retry} == RETRYABLE


def test_every_status_of_a_refusal_is_explained() -> None:
    assert {*STATUS.values(), 400, 405, 429} == set(STATUSES)
    for status in STATUSES:
        assert str(status) in DOCUMENT["components"]["responses"]


def test_headers_are_those_that_browsers_may_send() -> None:
    allowed = CORS["Access-Control-Allow-Headers"].lower()
    assert all(header.name.lower() in allowed for header in HEADERS)


def test_error_codes_are_values_of_the_schema() -> None:
    told = DOCUMENT["components"]["schemas"]["ErrorResponse"]["properties"]["errorCode"]
    assert told["enum"] == [code.value for code in ErrorCode]
    assert told["x-enum-varnames"][1] == "CARD_NOT_FOUND"
