"""Calls from browsers of other sites."""

import pytest

from tests.merchant_api.steady import change_brand
from tests.shop import Shop

HEADERS = (
    "Authorization, brand, location, terminal, employee, employeePassword, customRequestId, externalTransactionId,"
    " note, accept, content-type"
)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"filters":{}}', {}),
        (b"{", {}),
        (b"{}", {"Authorization": "Basic eDp5"}),
        (b"{}", {"Terminal": ""}),
        (b'{"filters":{}}', {"Location": "nowhere"}),
    ],
)
def test_every_answer_may_be_read_by_other_sites(acme: Shop, body: bytes, headers: dict[str, str]) -> None:
    reply = acme.post("search", body, **headers)
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.headers["Access-Control-Allow-Headers"] == HEADERS
    assert reply.headers["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("verb", ["GET", "PUT"])
def test_refused_verbs_and_methods_too(acme: Shop, verb: str) -> None:
    for path in ("/merchant/search", "/merchant/nothing"):
        response = acme.client.generic(verb, path)
        assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/merchant/search", "/search", "/merchant/transfer/"])
def test_options_needs_no_authentication(acme: Shop, path: str) -> None:
    response = acme.client.options(
        path, headers={"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    )
    assert response.status_code < 300
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Access-Control-Allow-Headers"] == HEADERS
    assert "POST" in response.headers["Access-Control-Allow-Methods"]


def test_a_brand_can_switch_it_off(acme: Shop) -> None:
    change_brand(acme, cors_enabled=False)
    assert not acme.configuration.cors_enabled
    for body in (b'{"filters":{}}', b"{"):
        assert "Access-Control-Allow-Origin" not in acme.post("search", body).headers


def test_no_cookie_is_ever_set(acme: Shop) -> None:
    reply = acme.ok("search", {"filters": {}})
    assert "Set-Cookie" not in reply.headers
    assert not acme.client.cookies
