"""Bodies as text."""

import json

import pytest

from apps.portal.core.json_text import HIDDEN, readable, readable_headers
from apps.portal.core.personal import PERSONAL_FIELDS


def test_numbers_keep_their_digits() -> None:
    assert readable(b'{"a":12.00,"b":[1e3,-0]}', hide_personal=False).text == (
        '{\n  "a": 12.00,\n  "b": [\n    1e3,\n    -0\n  ]\n}'
    )


@pytest.mark.parametrize("value", [{}, [], None, True, "ä\n", {"a": {}, "b": []}, [[1]]])
def test_text_means_the_same_value(value: object) -> None:
    assert json.loads(readable(json.dumps(value).encode(), hide_personal=False).text) == value


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 100_000, b"plain"])
def test_what_is_no_json_is_shown_as_it_is(raw: bytes) -> None:
    body = readable(raw, hide_personal=True)
    assert not body.is_json
    assert body.text == raw.decode(errors="replace")


@pytest.mark.parametrize("name", sorted(PERSONAL_FIELDS))
def test_personal_field_is_hidden_however_deep(name: str) -> None:
    body = readable(json.dumps({"cards": [{"customer": {name: "Ada"}}]}).encode(), hide_personal=True)
    assert body.hidden
    assert "Ada" not in body.text
    assert HIDDEN in body.text


def test_everything_below_a_personal_field_is_hidden() -> None:
    body = readable(b'{"brandDemographics":[{"fieldName":"pet","integerValue":7}]}', hide_personal=True)
    assert "pet" not in body.text
    assert "7" not in body.text


def test_field_names_are_compared_without_case() -> None:
    assert "Ada" not in readable(b'{"FIRSTNAME":"Ada"}', hide_personal=True).text


def test_what_was_not_sent_still_shows() -> None:
    body = readable(b'{"email":null,"phone":"","cardNumber":"6000"}', hide_personal=True)
    assert not body.hidden
    assert '"email": null' in body.text
    assert '"6000"' in body.text


CONTAINERS = ["primaryCustomer", "customer", "alternateCustomer", "giverCustomer", "brandDemographics"]
CONTAINERS += ["customDemographics", "thirdPartyUpdates", "thirdPartyLinks"]


@pytest.mark.parametrize("name", CONTAINERS)
@pytest.mark.parametrize("value", ["Ada", 7, ["Ada", 7], {"nick": "Ada", "vip": True, "deep": [{"age": 7.5}]}, [True]])
def test_nothing_inside_a_container_is_shown(name: str, value: object) -> None:
    text = readable(json.dumps({name: value}).encode(), hide_personal=True).text
    for shown in ("Ada", "7", "true"):
        assert shown not in text


def test_fields_that_are_asked_for_stay_readable() -> None:
    raw = b'{"returnFields":{"customer":true,"customCardNumber":false}}'
    body = readable(raw, hide_personal=True)
    assert not body.hidden
    assert json.loads(body.text) == json.loads(raw)


@pytest.mark.parametrize("name", [" firstName", "EMAIL ", "\tphone\n", " Customer "])
def test_blanks_and_case_around_a_name_hide_nothing_from_the_mask(name: str) -> None:
    assert "Ada" not in readable(json.dumps({"filters": {name: "Ada"}}).encode(), hide_personal=True).text


def test_only_headers_that_we_know_are_shown() -> None:
    plain = {"brand": "b", "customRequestId": "c-1", "Content-Type": "json", "Accept-Language": "en", "User-Agent": "u"}
    others = {"note": "Ada", "X-Customer": "Ada", "Authorization": "*****", "Referer": "Ada"}
    raw = json.dumps(plain | others).encode()
    body = readable_headers(raw, hide_personal=True)
    assert body.hidden
    assert json.loads(body.text) == plain | dict.fromkeys(others, "*****")
    assert json.loads(readable_headers(raw, hide_personal=False).text) == plain | others
