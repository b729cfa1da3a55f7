"""Secrets are gone before anything is stored."""

from decimal import Decimal
from typing import Any

import pytest

from apps.merchant_api.methods.allocate import AllocateResponse
from apps.merchant_api.methods.search import SearchResponse
from apps.merchant_api.wire.cards import Card
from apps.merchant_api.wire.json import parse, render
from apps.merchant_api.wire.mask import mask_headers, mask_request, mask_response


@pytest.mark.parametrize("name", ["pin", "PIN", "Pin", "employeePassword", "employeepassword"])
@pytest.mark.parametrize("secret", ["8422", 8422, "", {"deep": "8422"}, ["8422"], Decimal("1.5")])
def test_secrets_are_masked_whatever_they_are(name: str, secret: Any) -> None:
    assert mask_request({"cardNumber": "1", name: secret}) == {"cardNumber": "1", name: "*****"}


def test_secrets_are_masked_at_any_depth_and_the_original_stays() -> None:
    raw = {"a": [{"b": {"pin": 1, "c": 2}}, 3], "d": 4}
    assert mask_request(raw) == {"a": [{"b": {"pin": "*****", "c": 2}}, 3], "d": 4}
    assert raw == {"a": [{"b": {"pin": 1, "c": 2}}, 3], "d": 4}


def test_nothing_is_copied_where_there_is_nothing_to_mask() -> None:
    raw = {"a": [{"b": 1}], "pin": None, "returnFields": {"balances": True, "pin": True}}
    assert mask_request(raw) is raw


def test_what_is_nested_too_deep_or_in_circles_is_hidden() -> None:
    raw: dict[str, Any] = {"pin": 1}
    raw["self"] = raw
    assert b'"pin":1' not in render(mask_request(raw))


def test_pins_are_masked_in_answers() -> None:
    body = render(AllocateResponse(request_ref="r", pin='84"22\\', card_number="1"))
    assert parse(mask_response(body)) == {"requestRef": "r", "success": True, "pin": "*****", "cardNumber": "1"}
    cards = [Card(card_number="1", pin="8422", child_cards=[Card(card_number="2", pin="0001")])]
    masked = mask_response(render(SearchResponse(request_ref="r", cards=cards)))
    assert masked.count(b'"pin":"*****"') == 2
    assert b"8422" not in masked
    assert b"0001" not in masked


def test_texts_that_only_look_like_a_pin_stay() -> None:
    body = render({"customData": '{"pin":"8422"}', "b": '"pin":"1"'})
    assert mask_response(body) == body


def test_credentials_are_masked_in_headers() -> None:
    headers = {"AUTHORIZATION": "Basic x", "employeePassword": "y", "Brand": "acme"}
    assert mask_headers(headers) == {"AUTHORIZATION": "*****", "employeePassword": "*****", "Brand": "acme"}


def test_cookies_and_tokens_of_browsers_and_proxies_are_hidden() -> None:
    sent = {"Cookie": "sessionid=1", "X-Forwarded-Authorization": "Bearer 2", "X-Csrftoken": "3", "Accept": "*/*"}
    assert mask_headers(sent) == dict.fromkeys(sent, "*****") | {"Accept": "*/*"}


def test_an_authorization_inside_a_body_is_hidden() -> None:
    assert mask_request({"Authorization": "Basic x", "pin ": "1"}) == {"Authorization": "*****", "pin ": "*****"}
