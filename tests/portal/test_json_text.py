"""Bodies as text."""

import json

import pytest

from apps.portal.core.json_text import HIDDEN, readable
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
