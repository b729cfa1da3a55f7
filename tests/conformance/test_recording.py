"""What counts as shown by a test."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.conformance.contract import ERROR, REQUEST, RESPONSE, Row, fields
from tests.conformance.recording import REFUSED, Watched, hear, sent
from tests.shop import Reply

BALANCE = {"amount": Decimal(5), "scale": 2}
FOUND = {"success": True, "requestRef": "r", "cards": [{"cardNumber": "1", "balances": [BALANCE]}]}


def heard(method: str, sent: Any, answer: dict[str, Any]) -> tuple[set[Row], Any]:
    """The notes of a call, which grow when the answer is looked at."""
    notes: set[Row] = set()
    reply = Reply(200, answer, {}, "")
    hear(notes.add, method, json.dumps(sent).encode(), reply)
    return notes, reply


def looked(method: str, part: str, *paths: str) -> set[Row]:
    return {(method, part, path) for path in paths}


def test_sent_is_what_differs_from_its_default() -> None:
    body = {"filters": {"email": "a@b.c", "phone": None}, "limit": 10, "offset": 3, "includeInactive": False, "x": 1}
    assert set(sent(fields("search", REQUEST), body)) == {"filters", "filters.email", "offset"}


def test_what_is_in_a_list_has_no_index() -> None:
    body = {"products": [{"sku": "HAT"}, {"unitPrice": 5}, "odd"], "paymentMethods": []}
    found = set(sent(fields("checkout", REQUEST), body))
    assert found == {"products", "products.sku", "products.unitPrice"}


def test_zero_is_not_false() -> None:
    assert set(sent(fields("search", REQUEST), {"offset": False})) == {"offset"}


def test_a_field_of_an_answer_counts_once_it_is_looked_at() -> None:
    notes, reply = heard("search", {}, FOUND)
    assert not notes
    assert reply["cards"][0].get("cardNumber") == "1"
    assert notes == looked("search", RESPONSE, "cards", "cards.cardNumber")
    assert reply["cards"][0].get("pin") is None
    assert "customer" not in reply["cards"][0]
    assert notes == looked("search", RESPONSE, "cards", "cards.cardNumber")


@pytest.mark.parametrize(
    "compare",
    [
        lambda body: body == FOUND,
        lambda body: body != {},
        lambda body: FOUND.items() == body.items(),
        lambda body: dict(body),
    ],
)
def test_comparing_a_whole_object_looks_at_all_of_it(compare: Any) -> None:
    notes, reply = heard("search", {}, FOUND)
    assert compare(reply.body)
    assert looked("search", RESPONSE, "success", "requestRef", "cards") <= notes


def test_comparing_goes_down_as_far_as_objects_are_compared() -> None:
    notes, reply = heard("search", {}, FOUND)
    assert reply["cards"] == FOUND["cards"]
    deep = ("cards", "cards.cardNumber", "cards.balances", "cards.balances.amount", "cards.balances.scale")
    assert notes == looked("search", RESPONSE, *deep)


def test_a_watched_answer_reads_like_any_other() -> None:
    _, reply = heard("search", {}, FOUND)
    assert isinstance(reply.body, Watched)
    assert json.dumps(reply.body, default=str) == json.dumps(FOUND, default=str)
    assert (list(reply.body), len(reply.body), reply.body | {}) == (list(FOUND), 3, FOUND)
    assert reply.body["cards"][0]["balances"][0].pop("scale") == 2


def test_a_refusal_shows_its_code_and_the_fields_sent_in_vain() -> None:
    answer = {"success": False, "errorCode": 9, "errorMessage": "no", "requestRef": "r"}
    notes, reply = heard("checkout", {"pin": "1"}, answer)
    assert notes == {("checkout", REFUSED, "pin"), ("checkout", ERROR, "9")}
    assert (reply["errorCode"], reply["success"]) == (9, False)
    assert notes == {("checkout", REFUSED, "pin"), ("checkout", ERROR, "9"), ("checkout", RESPONSE, "errorCode")}


@pytest.mark.parametrize("code", [3, 5, 17, 32])
def test_a_refusal_that_is_not_about_the_body_shows_no_field(code: int) -> None:
    assert heard("checkout", {"pin": "1"}, {"errorCode": code})[0] == {("checkout", ERROR, str(code))}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b"[1]", b"null"])
def test_a_body_that_is_no_object_shows_nothing(content: bytes) -> None:
    notes: set[Row] = set()
    hear(notes.add, "search", content, Reply(200, {"success": True}, {}, ""))
    assert notes == set()
