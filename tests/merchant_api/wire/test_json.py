"""Bytes to plain values and back."""

import time
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.errors import ErrorCode
from apps.merchant_api.wire.json import MAX_BODY, RequestFormat, number, parse, render


class Amount(msgspec.Struct):
    amount: Decimal | msgspec.UnsetType


def test_numbers_are_int_or_decimal() -> None:
    assert repr(parse(b'{"a": 1, "b": 1.50, "c": -0.5, "d": 1.25e1}')) == repr(
        {"a": 1, "b": Decimal("1.50"), "c": Decimal("-0.5"), "d": Decimal("12.5")}
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"[]",
        b'"x"',
        b"1",
        b"null",
        b"{",
        b'{"a": 1} x',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e31}',
        b'{"a": 1e-31}',
        b'{"a": 1e999999}',
        b'{"a": 1E+99999999999999999999}',
        b'{"a": ' + b"9" * 61 + b"}",
        b'{"a": ' + b"9" * 9999 + b"}",
        b'{"a": 0.' + b"1" * 61 + b"}",
        b'{"a": 01}',
        b'{"a": "\\u0000"}',
        b'{"\\u0000": 1}',
        b'{"a": "\x00"}',
        b'{"a": "\\ud800"}',
        b'{"a": "\\udc00"}',
        b'{"a": "\xed\xa0\x80"}',
        b'{"a": "\xff"}',
        b'\xef\xbb\xbf{"a": 1}',
        '{"a": 1}'.encode("utf-16"),
        b'{"a":' * 64 + b"{}" + b"}" * 64,
        b'{"a":' + b"[" * 64 + b"]" * 64 + b"}",
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": b}',
        b"{1: 2}",
        b'{"a": [b: 1]}',
        b'{"a": 1 /* x */}',
    ],
)
def test_what_is_no_sensible_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(RequestFormat) as refused:
        parse(body)
    assert refused.value.code == ErrorCode.REQUEST_FORMAT
    assert refused.value.message


def test_a_body_may_be_one_mebibyte_and_no_more() -> None:
    body = b'{"a": "' + b"x" * (MAX_BODY - 9) + b'"}'
    assert len(parse(body)["a"]) == MAX_BODY - 9
    with pytest.raises(RequestFormat):
        parse(body + b" ")


def test_nesting_is_allowed_up_to_the_limit() -> None:
    assert parse(b'{"a":' * 63 + b"{}" + b"}" * 63)
    assert parse(b'{"a": [' + b"{}," * 200 + b"{}]}")


def test_long_digits_and_escapes_inside_texts_are_fine() -> None:
    assert parse(b'{"a": "' + b"1" * 100 + b'", "b": "\\\\u0000", "c": "\\ud83d\\ude00"}') == {
        "a": "1" * 100,
        "b": "\\u0000",
        "c": "\U0001f600",
    }


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{filters:{cardNumber:"1234"}}', {"filters": {"cardNumber": "1234"}}),
        (b'{ a : 1 , _b2 : [ { $c : true } ] , "d" : null }', {"a": 1, "_b2": [{"$c": True}], "d": None}),
        (b'{a: "{b: 1, c: 2}"}', {"a": "{b: 1, c: 2}"}),
        (b'{a: ", b: \\", c: "}', {"a": ', b: ", c: '}),
        (b'{"x": "\\\\", a: 1}', {"x": "\\", "a": 1}),
        ("{name: 'é'}".replace("'", '"').encode(), {"name": "é"}),
        (b"{a: 1.50}", {"a": Decimal("1.50")}),
        (b'{"a": "unquoted, b: 1"}', {"a": "unquoted, b: 1"}),
    ],
)
def test_unquoted_names_are_read(body: bytes, expected: object) -> None:
    assert parse(body) == expected


@pytest.mark.parametrize("piece", [b'"', b"{", b"{a", b", ", b'\\"', b'"\\', b"{a:", b"  ", b'{"', b"a", b",a "])
def test_reading_unquoted_names_takes_linear_time(piece: bytes) -> None:
    body = b"{" + piece * (MAX_BODY // len(piece) - 1)
    start = time.perf_counter()
    with pytest.raises(RequestFormat):
        parse(body)
    assert time.perf_counter() - start < 2


@given(st.binary(max_size=200) | st.text(alphabet='{}[]",:ab1\\ e.-', max_size=60).map(str.encode))
def test_parse_raises_nothing_but_its_refusal(body: bytes) -> None:
    try:
        assert isinstance(parse(body), dict)
    except RequestFormat as refused:
        assert refused.message


amounts = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18, places=6)


@given(amounts)
def test_amounts_survive_the_way_out_and_in(amount: Decimal) -> None:
    back = parse(render(Amount(amount)))["amount"]
    assert str(Decimal(back)) == str(amount) or (amount.is_zero() and back == 0)


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("10.00", b"10.00"),
        ("-38.25", b"-38.25"),
        ("5", b"5"),
        ("0E-8", b"0.00000000"),
        ("1E+3", b"1000"),
        ("1E-10", b"0.0000000001"),
        ("0.000001", b"0.000001"),
        ("-0.0000001", b"-0.0000001"),
    ],
)
def test_amounts_keep_their_digits_and_never_show_an_exponent(amount: str, written: bytes) -> None:
    assert render(Amount(Decimal(amount))) == b'{"amount":' + written + b"}"


def test_an_amount_that_is_no_number_is_a_broken_invariant() -> None:
    for amount in ("NaN", "Infinity", "-Infinity", "sNaN"):
        with pytest.raises(AssertionError):
            render(Amount(Decimal(amount)))


def test_what_looks_like_an_exponent_in_a_text_stays() -> None:
    assert render({"a": "12E5 NaN", "b": [Decimal("1.0")]}) == b'{"a":"12E5 NaN","b":[1.0]}'


def test_unset_fields_are_left_out() -> None:
    assert render(Amount(msgspec.UNSET)) == b"{}"


@pytest.mark.parametrize(
    "text", ["1_000", "NaN", "", " 1", "1 ", "+1", ".5", "5.", "\u0661", "\uff11", "0x1", "1e", "1e99"]
)
def test_number_reads_plain_ascii_only(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        number(text)
