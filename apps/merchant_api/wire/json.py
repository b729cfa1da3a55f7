"""Bytes to plain values and structs to bytes. Numbers are `int` or `Decimal`, never `float`."""

import re
from decimal import Decimal
from typing import Any

import msgspec

from apps.kernel.errors import ErrorCode, Refusal

MAX_BODY = 1024 * 1024
MAX_DEPTH = 64
MAX_DIGITS = 60
MAX_EXPONENT = 30


class RequestFormat(Refusal):
    """The body is no JSON object, or a field is missing, of the wrong type or of the wrong form (6)."""

    code = ErrorCode.REQUEST_FORMAT


def parse(body: bytes) -> dict[str, Any]:
    """Read a request body as a JSON object; unquoted names are accepted where strict JSON fails.

    Raises RequestFormat for everything else, also for numbers, nesting and characters that nobody sends in earnest.
    """
    if len(body) > MAX_BODY:
        raise RequestFormat(f"The body is larger than {MAX_BODY} bytes.")
    if not body.strip():
        raise RequestFormat("The body is empty: send a JSON object.")
    value = _decode(body)
    if not isinstance(value, dict):
        raise RequestFormat("The body must be a JSON object.")
    if _SUSPECT.search(body) or body.count(b"{") + body.count(b"[") > MAX_DEPTH:
        _inspect(value)
    return value


def render(value: Any) -> bytes:
    """Write a struct (or plain values) as JSON. Decimals keep the digits of their scale and never show an exponent."""
    body = _ENCODER.encode(value)
    if _EXPONENT.search(body):
        return _ENCODER.encode(_with_plain_numbers(msgspec.to_builtins(value, builtin_types=(Decimal,))))
    return body


def number(text: str) -> Decimal:
    """Read a number written in plain ASCII; ValueError where it is none or its size is absurd."""
    if len(text) > 2 * MAX_DIGITS or not _NUMBER.fullmatch(text):
        raise ValueError(text)
    value = Decimal(text)
    if value.is_zero():
        # 0E+25 and the like: the digits of a zero say nothing beyond its scale
        exponent = value.as_tuple().exponent
        assert isinstance(exponent, int)
        return value.copy_abs() if -MAX_EXPONENT <= exponent <= 0 else Decimal(0)
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    if abs(value.adjusted()) > MAX_EXPONENT or exponent < -2 * MAX_EXPONENT or len(digits) > MAX_DIGITS:
        raise ValueError(text)
    return Decimal(f"{value:f}") if exponent > 0 else value


_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,6})?")
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER = msgspec.json.Decoder(Any, float_hook=number)  # noqa: TID251 - no types to prepare

# Cheap signs that a closer look is needed: an escaped NUL, or a run of digits longer than any amount.
_SUSPECT = re.compile(rb"\\u0000|(?<![0-9])[0-9]{%d}" % (MAX_DIGITS + 1))
_EXPONENT = re.compile(rb"[0-9]E[+-]?[0-9]|NaN|Infinity")

# Strings are matched first so that nothing inside them is ever taken for a name. Every repetition is possessive:
# the pattern cannot go back, so that the time stays linear whatever the input.
_BARE_NAME = re.compile(rb'"(?:[^"\\]|\\.)*+"?|([{,]\s*+)([A-Za-z_$][A-Za-z0-9_$]*+)(?=\s*+:)', re.DOTALL)


def _decode(body: bytes) -> Any:
    try:
        return _DECODER.decode(body)
    except (ValueError, RecursionError):
        quoted = _BARE_NAME.sub(_quote_name, body)
    try:
        return _DECODER.decode(quoted)
    except (ValueError, RecursionError):
        raise RequestFormat("The body is not valid JSON.") from None


def _quote_name(match: re.Match[bytes]) -> bytes:
    if match[2] is None:
        return match[0]
    return match[1] + b'"' + match[2] + b'"'


def _inspect(root: Any) -> None:
    """Walk without recursion and refuse NUL characters, endless integers and too deep nesting."""
    level, depth = [root], 0
    while level:
        depth += 1
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(value.keys())
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            elif isinstance(value, str):
                if "\0" in value:
                    raise RequestFormat("The body contains a NUL character.")
            elif isinstance(value, int) and abs(value) >= 10**MAX_DIGITS:
                raise RequestFormat("The body contains a number with too many digits.")
        if depth > MAX_DEPTH and any(isinstance(value, dict | list) for value in level):
            raise RequestFormat(f"The body is nested deeper than {MAX_DEPTH} levels.")
        level = below


def _with_plain_numbers(value: Any) -> Any:
    if isinstance(value, Decimal):
        assert value.is_finite(), "an amount that is no number reached the wire"
        return msgspec.Raw(f"{value:f}".encode())
    if isinstance(value, dict):
        return {key: _with_plain_numbers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_plain_numbers(item) for item in value]
    return value
