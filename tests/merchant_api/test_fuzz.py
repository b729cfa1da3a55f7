"""Bodies and headers that nobody would write: always the JSON error, always logged, nothing moved, never a 5xx."""

import json
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.merchant_api.openapi import document
from apps.requestlog.models import Request
from tests.merchant_api.steady import pinned, state
from tests.shop import Reply, Shop, open_shop, usd

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
    """A refusal is logged and moved nothing."""
    is_proper(method, reply.status, reply.text)
    if reply.status != 200:
        assert state(shop) == before, reply.text
    assert Request.objects.filter(brand=shop.brand, id=reply["requestRef"]).count() == 1


# --- Schemathesis over the document ----------------------------------------------------------------------------------


class App:
    """The product's WSGI application, with its document beside it and the till's headers on every call."""

    def __init__(self, shop: Shop) -> None:
        self.headers = {f"HTTP_{name.upper()}": value for name, value in shop.headers().items()}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/openapi.json":
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(DOCUMENT).encode()]
        return WSGIHandler()(environ | self.headers, start_response)


KNOWN = st.sampled_from(["A-1", "A-1", "gift-cards", "x", "", 1, None])


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
def test_the_document_holds_for_generated_calls(shop: Shop, method: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", App(shop))
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
    | st.sampled_from(["A-1", "0", "-1", "1e9", "2024-01-01 00:00:00", "9999-12-31 23:59:59", "0001-01-01 00:00:00"])
    | st.sampled_from([0, -1, 1, 2**31, 2**63, 10**18, 0.1, 1e-7, 1e300])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
BODIES: dict[str, dict[str, Any]] = {
    "allocate": {"cardNumber": "A-1", "cardSetId": "gift-cards", "createIfNew": True},
    "cardHistory": {
        "cardNumber": "A-1",
        "maxResults": 5,
        "beginDate": None,
        "restrictTransactionTypes": [],
        "offset": 0,
    },
    "checkout": {
        "cardNumber": "A-1",
        "checkoutTotal": 5,
        "products": [{"sku": "HAT", "unitPrice": 1, "amountPurchased": 2}],
        "preDiscounts": [{"amount": 1}],
        "paymentMethods": [{"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": 1}],
        "customRequestDate": None,
    },
    "checkoutLookup": {"checkoutTransactionId": "x"},
    "listRequests": {"externalTransactionId": "x"},
    "listValueTypes": {"lookupCardNumber": "A-1", "cardSetId": None},
    "reactivate": {"cardNumber": "A-1", "pin": None, "forcePinValidation": False},
    "requestLookup": {"requestRef": "x", "splitHoldMutations": True},
    "search": {
        "filters": {"cardNumber": "A-1", "email": None, "phone": None},
        "returnFields": {"balances": True},
        "limit": 5,
        "offset": 0,
    },
    "updateAccount": {
        "cardNumber": "A-1",
        "primaryCustomer": {"firstName": "Ada", "birthday": "", "phone": "", "latitude": 1, "country": ""},
        "customCardNumber": "x",
    },
    "updateBalance": usd("A-1", "issue", 1, issuedBalanceExpiration=None, returnBalances=True, pin=None),
    "voidTransaction": {"cardNumber": "A-1", "requestRef": "x", "customRequestDate": None},
}


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
def test_wrong_values_at_any_place(shop: Shop, method: str) -> None:
    @settings(max_examples=25, derandomize=True, **FAST)
    @given(data=st.data(), value=VALUES)
    def run(data: Any, value: Any) -> None:
        body = replaced(BODIES[method], data.draw(st.sampled_from(places(BODIES[method]))), value)
        before = state(shop)
        check_refused(shop, method, shop.post(method, json.dumps(body).encode("utf-8", "surrogatepass")), before)

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
def test_damaged_bytes(shop: Shop, data: Any, method: str) -> None:
    body = data.draw(st.binary(max_size=60) | damaged(json.dumps(BODIES[method]).encode()))
    before = state(shop)
    check_refused(shop, method, shop.post(method, body), before)


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


def test_the_card_has_survived(shop: Shop) -> None:
    shop.assert_books_add_up()
