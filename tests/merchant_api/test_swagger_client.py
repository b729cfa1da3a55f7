"""The client that integrators of Swagger 1.2 use (npm swagger-client 2.1.32) understands our documents."""

import json
from pathlib import Path
from typing import Any

import pytest

from apps.merchant_api.table import METHODS
from tests.live import live_server
from tests.programs_outside import needs, node_modules, run
from tests.shop import Shop, usd

pytestmark = needs("node", "npm")
SOURCE = Path(__file__).parent / "swagger_client"


@pytest.fixture
def told(acme: Shop) -> dict[str, Any]:
    """What the client made of the documents, and three calls: an issue, a search, and one that is refused."""
    card = acme.card()
    place = {"Brand": acme.brand.code, "Location": acme.location.code, "Terminal": acme.terminal.code}
    calls = [
        {"method": "updateBalance", "body": usd(card, "issue", "12.50", returnBalances=True)},
        {"method": "search", "body": {"filters": {"cardNumber": card}, "returnFields": {"balances": True}}},
        {"method": "search", "body": {"filters": {}, "limit": 26}},
    ]
    with live_server() as url:
        wish = {"url": url, "key": acme.key, "secret": acme.secret, "headers": place, "calls": calls}
        written = run(["node", "call.js"], node_modules(SOURCE), text=json.dumps(wish))
    found: dict[str, Any] = json.loads(written)
    return found


def test_the_client_has_a_function_for_each_method_and_calls_with_it(told: dict[str, Any]) -> None:
    assert set(told["methods"]) == set(METHODS)
    assert told["paths"] == {name: f"/merchant/{name}" for name in METHODS}
    assert {"Brand", "Location", "Terminal", "customRequestId"} <= set(told["headers"])
    assert {"SearchRequest", "CardBalance", "ErrorResponse"} <= set(told["models"])
    issued, found, refused = told["answers"]
    assert (issued["status"], issued["body"]["balances"][0]["amount"]) == (200, 12.5)
    assert found["body"]["cards"][0]["balances"][0]["amount"] == 12.5
    assert (refused["status"], refused["body"]["errorCode"]) == (400, 9)
