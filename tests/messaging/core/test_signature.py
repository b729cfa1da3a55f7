"""Signatures of HTTP messages."""

import hmac
from hashlib import sha256

import pytest

from apps.messaging.core.signature import is_signed, sign

KEY = "k" * 32
BODY = b'{"a": 1}'


def test_it_is_hmac_sha256_over_timestamp_and_body() -> None:
    expected = hmac.new(KEY.encode(), b"1700000000." + BODY, sha256).hexdigest()
    assert sign(BODY, key=KEY, timestamp=1700000000) == f"t=1700000000,v1={expected}"


def test_only_the_same_body_key_and_time_pass() -> None:
    header = sign(BODY, key=KEY, timestamp=1700000000)
    assert is_signed(BODY, header, key=KEY, now=1700000100)
    assert not is_signed(BODY + b" ", header, key=KEY, now=1700000100)
    assert not is_signed(BODY, header, key="other" * 8, now=1700000100)
    assert not is_signed(BODY, header, key=KEY, now=1700000301)
    assert not is_signed(BODY, header.replace("t=1700000000", "t=1700000001"), key=KEY, now=1700000100)


@pytest.mark.parametrize("header", ["", "t=,v1=", "t=x,v1=y", "v1=abc", "t=²,v1=a", ",,,"])
def test_a_malformed_header_is_no_signature(header: str) -> None:
    assert not is_signed(BODY, header, key=KEY, now=1700000000)
