"""Take secrets out of what is stored. Everything here returns copies and leaves the original alone."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from apps.merchant_api.wire.json import MAX_DEPTH

MASK = "*****"
SECRET_NAMES = frozenset({"pin", "employeepassword", "authorization"})
SECRET_PARTS = ("authorization", "password", "cookie", "csrf", "token", "secret", "api-key", "apikey")
"""A header whose name contains one of these is masked: proxies and browsers add some of their own."""


def mask_request(raw: dict[str, Any]) -> dict[str, Any]:
    """A parsed body without its secrets, at any depth and however their names are written."""
    masked = _masked(raw, MAX_DEPTH)
    assert isinstance(masked, dict)
    return masked


def mask_response(body: bytes) -> bytes:
    """A rendered answer without its PINs."""
    # Inside a JSON text every quote is escaped, so that this pattern meets names and their values only.
    return _PIN.sub(b'"pin":"' + MASK.encode() + b'"', body) if b'"pin":' in body else body


def mask_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers without credentials, passwords, cookies and tokens."""
    return {name: MASK if _is_secret(name.lower()) else value for name, value in headers.items()}


@lru_cache(maxsize=1000)
def _is_secret(name: str) -> bool:
    return any(part in name for part in SECRET_PARTS)


_PIN = re.compile(rb'"pin":"(?:[^"\\]|\\.)*+"', re.DOTALL)


def _masked(value: Any, depth: int) -> Any:
    """The value itself where it holds no secret, else a copy. What is nested too deep to be looked at is hidden."""
    if isinstance(value, dict):
        return _masked_object(value, depth)
    if isinstance(value, list):
        if depth == 0:
            return MASK
        items = [_masked(item, depth - 1) for item in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value


def _masked_object(value: dict[str, Any], depth: int) -> Any:
    if depth == 0:
        return MASK
    changed: dict[str, Any] = {}
    for name, old in value.items():
        # null and true hold no secret: `returnFields` asks for the PIN under the same name.
        is_secret = name.strip().lower() in SECRET_NAMES and old is not None and not isinstance(old, bool)
        new = MASK if is_secret else _masked(old, depth - 1)
        if new is not old:
            changed[name] = new
    return value | changed if changed else value
