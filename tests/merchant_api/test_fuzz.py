"""Bodies and headers that nobody would write: always the JSON error, always logged, nothing moved, never a 5xx."""

import json
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs
import msgspec
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from apps.kernel.errors import ErrorCode
from apps.merchant_api.openapi import document
from apps.merchant_api.table import METHODS
from apps.merchant_api.wire.fields import ALL_FEATURES
from apps.merchant_api.wire.json import render
from apps.merchant_api.wire.spec import Field, fields_of
from apps.requestlog.models import Request
from tests.merchant_api.bodies import BODIES, World, filled, world
from tests.merchant_api.steady import pinned, state
from tests.shop import Reply, Shop, open_shop

pytestmark = pytest.mark.generated

DOCUMENT = document("/")
NAMES = sorted(path.rsplit("/", 1)[-1] for path in DOCUMENT["paths"])
FAST: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.generate],
}


@pytest.fixture(scope="module")
def shop(database: None) -> Shop:
    """A brand with a card that is worth attacking."""
    shop = open_shop("fuzz")
    shop.issue(pinned(shop, "A-1"), 1000)
    return shop


@dataclass
class Worlds:
    """A world for each method, so that a card which one method spoils is not missing to the others."""

    made: dict[str, World] = field(default_factory=dict)

    def of(self, method: str) -> World:
        if method not in self.made:
            self.made[method] = world("fuzz", features=sorted(ALL_FEATURES))
        return self.made[method]


@pytest.fixture(scope="module")
def worlds(database: None) -> Worlds:
    return Worlds()


def validator(name: str) -> Any:
    return jsonschema_rs.validator_for({"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]})


REFUSAL = validator("ErrorResponse")
ANSWERS = {
    name: validator(
        DOCUMENT["paths"][f"/merchant/{name}"]["post"]["responses"]["200"]["content"]["application/json"]["schema"][
            "$ref"
        ].rsplit("/", 1)[-1]
    )
    for name in NAMES
}


def is_proper(method: str, status: int, text: str) -> None:
    """An answer of the API: never a 5xx, always what the document says."""
    assert status < 500, text
    body = json.loads(text)
    (ANSWERS[method] if status == 200 else REFUSAL).validate(body)
    assert body["success"] is (status == 200)


def check_refused(shop: Shop, method: str, reply: Reply, before: Any) -> None:
    """A refusal has a published code, is logged, and moved nothing."""
    is_proper(method, reply.status, reply.text)
    assert reply.status == 200 or reply.code in set(ErrorCode)
    if reply.status != 200:
        assert state(shop) == before, reply.text
    assert Request.objects.filter(brand=shop.brand, id=reply["requestRef"]).count() == 1


def check_call(shop: Shop, method: str, body: Any) -> None:
    """A call with this body, bytes or anything that JSON can say, is carried out or refused as a whole."""
    note(f"{method} {body!r:.2000}")
    before = state(shop)
    sent = body if isinstance(body, bytes) else json.dumps(body).encode("utf-8", "surrogatepass")
    check_refused(shop, method, shop.post(method, sent), before)


# --- Schemathesis over the document ----------------------------------------------------------------------------------


class App:
    """The product's WSGI application, with its document beside it and the till's headers on every call."""

    def __init__(self, shop: Shop) -> None:
        self.headers = {f"HTTP_{name.upper()}": value for name, value in shop.headers().items()}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/openapi.json":
            start_response("200 OK", [("Content-Type", "application/json")])
            return [render(DOCUMENT)]
        return WSGIHandler()(environ | self.headers, start_response)


KNOWN = st.sampled_from(["card-fuzz", "card-fuzz", "cards-fuzz", "x", "", 1, None])


def with_known_numbers(body: Any, number: Any) -> Any:
    """The generated body, about a card that exists."""
    if isinstance(body, dict):
        for name in ("cardNumber", "lookupCardNumber", "cardSetId"):
            if name in body:
                body[name] = number
        if isinstance(body.get("filters"), dict) and "cardNumber" in body["filters"]:
            body["filters"]["cardNumber"] = number
    return body


@pytest.mark.parametrize("method", NAMES)
def test_the_document_holds_for_generated_calls(worlds: Worlds, method: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", App(worlds.of(method).shop))
    operation = schema[f"/merchant/{method}"]["POST"]

    @settings(max_examples=20, derandomize=True, **FAST)
    @given(case=operation.as_strategy(), number=KNOWN)
    def run(case: Any, number: Any) -> None:
        case.body = with_known_numbers(case.body, number)
        case.headers = {}
        response = case.call()
        is_proper(method, response.status_code, response.text)

    run()


# --- bodies of our own -----------------------------------------------------------------------------------------------

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**70), 10**70)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["card-fuzz", "0", "-1", "1e9", "2024-01-01 00:00:00", "9999-12-31 23:59:59", "0001-01-01 00:00:00"]
    )
    | st.sampled_from([0, -1, 1, 2**31, 2**63, 10**18, 0.1, 1e-7, 1e300])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def a_body(data: st.DataObject, its: World, method: str) -> Any:
    """One of the bodies of a method, about what the brand has."""
    return filled(data.draw(st.sampled_from(BODIES[method])), its.things)


def test_every_method_has_bodies() -> None:
    assert set(BODIES) == set(NAMES)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All places of a body in which something else can be put."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in below for place in places(each, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with something else at one place."""
    if not path:
        return new
    items = dict(value) if isinstance(value, dict) else list(value)
    items[path[0]] = replaced(items[path[0]], path[1:], new)
    return items


@pytest.mark.parametrize("method", NAMES)
def test_wrong_values_at_any_place(worlds: Worlds, method: str) -> None:
    its = worlds.of(method)

    @settings(max_examples=25, derandomize=True, **FAST)
    @given(data=st.data(), value=VALUES)
    def run(data: Any, value: Any) -> None:
        body = a_body(data, its, method)
        check_call(its.shop, method, replaced(body, data.draw(st.sampled_from(places(body))), value))

    run()


# --- bodies from the wire types --------------------------------------------------------------------------------------

NAMED = {
    "cardNumber": ("card", "old_card", "free_card"),
    "childCardNumber": ("child",),
    "couponId": ("coupon", "free_coupon"),
    "couponSetId": ("coupon_set",),
    "cardSetId": ("card_set",),
    "requestRef": ("issued", "redeemed", "hold", "checkout", "childs"),
    "checkoutTransactionId": ("checkout",),
    "redeemFromHoldTransactionId": ("hold",),
    "updateBalanceRequestRef": ("redeemed", "issued"),
    "oldCardNumber": ("old_card",),
    "lookupCardNumber": ("card",),
    "newAllowedCards": ("card",),
    "customCardNumber": ("custom",),
    "fieldName": ("field",),
    "categoryId": ("category",),
    "category": ("list", "list_uuid"),
    "channelUser": ("email", "phone"),
    "email": ("email",),
    "phone": ("phone",),
}
"""Belongings that fit a field by its name."""
ODD_TEXTS = st.sampled_from(["", " ", "x", "\x00", "x" * 5000, "Grüße 🎁", "USD", "EUR", "-1", "1e400", "null"])
PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "string": ODD_TEXTS | st.text(max_size=12),
    "integer": st.sampled_from([0, 1, 10, 25, -1, 2**31, 2**63, 10**40]),
    "number": st.sampled_from([0, 1, 5, "0.01", "0.001", -1, "1e-7", 10**12, "999999999999.999999", "1e40"]),
    "boolean": st.booleans(),
    "moment": st.sampled_from(
        ["2025-06-01 00:00:00", "2090-01-01 00:00:00", "0001-01-01 00:00:00", "9999-12-31 23:59:59"]
    ),
    "date": st.sampled_from(["2001-02-03", "0001-01-01", "9999-12-31"]),
}


def values(field: Field, things: dict[str, str]) -> st.SearchStrategy[Any]:
    """Values of the right type, mostly those that fit."""
    if field.model is not None:
        one = objects(field.model, things)
    elif field.name in NAMED:
        one = st.sampled_from([things[name] for name in NAMED[field.name]] * 3) | PLAIN["string"]
    elif field.facts.allowed:
        one = st.sampled_from(field.facts.allowed)
    else:
        one = PLAIN[field.kind]
    return st.lists(one, max_size=3) if field.many else one


def objects(model: type[msgspec.Struct], things: dict[str, str]) -> st.SearchStrategy[Any]:
    """Objects of a wire type: all that is required, a few of the other fields."""
    fields = [field for field in fields_of(model) if not field.facts.sent_keys]
    required = {field.name: values(field, things) for field in fields if field.required}
    others = {field.name: field for field in fields if not field.required}
    if not others:
        return st.fixed_dictionaries(required)
    some = st.lists(st.sampled_from(sorted(others)), max_size=4, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: values(others[name], things) for name in names})
    )
    return st.builds(lambda must, may: must | may, st.fixed_dictionaries(required), some)


@pytest.mark.parametrize("method", NAMES)
def test_any_combination_of_fields(worlds: Worlds, method: str) -> None:
    its = worlds.of(method)

    @settings(max_examples=40, derandomize=True, **FAST)
    @given(body=objects(METHODS[method].request, its.things))
    def run(body: Any) -> None:
        check_call(its.shop, method, body)

    run()


def damaged(text: bytes) -> st.SearchStrategy[bytes]:
    """The bytes with a piece cut out, doubled or overwritten."""
    at = st.integers(0, len(text))
    piece = st.binary(max_size=6) | st.sampled_from(
        [b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\x00", b"\xff", b"1e9"]
    )
    return st.builds(
        lambda start, length, new: text[:start] + new + text[start + length :], at, st.integers(0, 9), piece
    )


@settings(max_examples=80, derandomize=True, **FAST)
@given(data=st.data(), method=st.sampled_from(NAMES))
def test_damaged_bytes(worlds: Worlds, data: Any, method: str) -> None:
    its = worlds.of(method)
    body = json.dumps(a_body(data, its, method)).encode()
    check_call(its.shop, method, data.draw(st.binary(max_size=60) | damaged(body)))


NESTED = [b'{"a":' * n + b"1" + b"}" * n for n in (10, 63, 64, 65, 1000, 50_000)]
NESTED += [b'{"filters":' + b"[" * n + b"]" * n + b"}" for n in (62, 63, 64, 65, 1000, 100_000)]
SIZES = [b'{"filters":{"email":"' + b"e" * n + b'"}}' for n in (10**4, 10**6, 2**20)]
ENCODED = [
    json.dumps({"filters": {"lastName": "Grüße"}}, ensure_ascii=False).encode(name)
    for name in ("latin-1", "utf-16", "utf-32", "utf-8-sig", "cp037")
]


@pytest.mark.parametrize("body", NESTED + SIZES + ENCODED, ids=lambda body: f"{body[:12]!r}-{len(body)}")
def test_depths_sizes_and_encodings(shop: Shop, body: bytes) -> None:
    before = state(shop)
    for method in ("search", "updateBalance"):
        check_refused(shop, method, shop.post(method, body), before)


HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255, blacklist_characters="\x7f"), max_size=40)


@settings(max_examples=60, derandomize=True, **FAST)
@given(name=st.sampled_from(["Authorization", "Brand", "Location", "Terminal"]), value=HEADER)
def test_strange_required_headers(shop: Shop, name: str, value: str) -> None:
    before = state(shop)
    reply = shop.post("search", {"filters": {}}, **{name: value})
    is_proper("search", reply.status, reply.text)
    assert reply.code in (5, 32)
    assert state(shop) == before


@settings(max_examples=40, derandomize=True, **FAST)
@given(name=st.sampled_from(["note", "externalTransactionId", "employee", "employeePassword"]), value=HEADER)
def test_strange_optional_headers(shop: Shop, name: str, value: str) -> None:
    check_refused(shop, "updateAccount", shop.post("updateAccount", {"cardNumber": "A-1"}, **{name: value}), None)


@pytest.mark.parametrize(
    "value", ["\x00", "a\x00b", "ÿ" * 10, "\udcff".encode("utf-8", "surrogateescape").decode("latin-1")]
)
@pytest.mark.parametrize("name", ["note", "externalTransactionId", "customRequestId"])
def test_headers_that_a_server_would_not_let_through_either(shop: Shop, name: str, value: str) -> None:
    reply = shop.post(
        "search", {"filters": {}}, **{name: value + shop.brand.code if name == "customRequestId" else value}
    )
    is_proper("search", reply.status, reply.text)


def test_all_books_add_up(shop: Shop, worlds: Worlds) -> None:
    for each in (shop, *(each.shop for each in worlds.made.values())):
        each.assert_books_add_up()
