"""The headers of a call: which are needed, who is let in, and what is written where."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.brands.operations.create_api_credential import create_api_credential
from apps.brands.operations.create_employee import create_employee
from apps.brands.operations.revoke_api_credential import revoke_api_credential
from apps.requestlog.models import Operation
from tests.merchant_api.steady import change_brand, refused
from tests.shop import Shop

SEARCH: dict[str, Any] = {"filters": {}}
NONE: Any = None


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("name", ["Authorization", "Brand", "Location", "Terminal"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_or_empty_header_answers_32(acme: Shop, name: str, value: Any) -> None:
    refused(acme, 32, "search", SEARCH, **{name: value})


@pytest.mark.parametrize(
    "value",
    ["Basic", "Basic ", "Bearer abc", "Basic !!!", basic("no-colon"), "Basic /w==", "abc", "Digest username=x"],
)
def test_a_malformed_authorization_answers_32(acme: Shop, value: str) -> None:
    refused(acme, 32, "search", SEARCH, Authorization=value)


def test_key_secret_and_brand_that_do_not_fit_answer_5(acme: Shop, charlie: Shop) -> None:
    for credentials in ("x:y", f"{acme.key}:", f"{acme.key}:x", f":{acme.secret}", f"{acme.key}:{charlie.secret}"):
        refused(acme, 5, "search", SEARCH, Authorization=basic(credentials))
    refused(acme, 5, "search", SEARCH, Brand=charlie.brand.code)
    refused(acme, 5, "search", SEARCH, Brand="no-such-brand")
    refused(acme, 5, "search", SEARCH, Authorization=basic(f"{charlie.key}:{charlie.secret}"))


def test_a_secret_may_hold_colons_and_the_scheme_any_case(acme: Shop) -> None:
    credentials = basic(f"{acme.key}:{acme.secret}").removeprefix("Basic ")
    acme.ok("search", SEARCH, Authorization=f"bAsIc {credentials}")
    acme.ok("search", SEARCH, Authorization=f"Basic   {credentials}  ")
    refused(acme, 5, "search", SEARCH, Authorization=basic(f"{acme.key}:{acme.secret}:more"))


def test_an_unknown_location_or_a_terminal_of_another_one_answers_32(acme: Shop, charlie: Shop) -> None:
    refused(acme, 32, "search", SEARCH, Location="nowhere")
    refused(acme, 32, "search", SEARCH, Terminal="till-9")
    refused(acme, 32, "search", SEARCH, Location="harbour")
    acme.ok("search", SEARCH, Location="harbour", Terminal="till-9")


def test_a_location_that_was_switched_off_answers_32(acme: Shop) -> None:
    type(acme.location).objects.filter(pk=acme.location.pk).update(is_active=False)
    change_brand(acme)
    refused(acme, 32, "updateBalance", {"cardNumber": "x", "action": "adjustOnly"})


def test_a_brand_that_was_switched_off_answers_5(acme: Shop) -> None:
    card = acme.card()
    change_brand(acme, is_active=False)
    refused(acme, 5, "updateAccount", {"cardNumber": card})
    change_brand(acme, is_active=True)


def test_headers_are_checked_before_credentials_and_those_before_the_body(acme: Shop) -> None:
    refused(acme, 32, "search", b"{", Authorization=basic("x:y"), Terminal=NONE)
    refused(acme, 5, "search", b"{", Authorization=basic("x:y"), Location="nowhere")
    refused(acme, 32, "search", b"{", Location="nowhere")
    refused(acme, 6, "search", b"{")


def test_a_revoked_key_answers_5_from_the_next_call_on(acme: Shop) -> None:
    now = datetime.now(UTC)
    credential, secret = create_api_credential(
        brand=acme.brand, name="second", methods=[], location_codes=[], created_by="tests", now=now
    )
    authorization = basic(f"{credential.key}:{secret}")
    card = acme.card()
    acme.ok("updateAccount", {"cardNumber": card}, Authorization=authorization)
    revoke_api_credential(brand=acme.brand, credential_id=credential.pk, now=now)
    refused(acme, 5, "updateAccount", {"cardNumber": card}, Authorization=authorization)
    refused(acme, 5, "search", SEARCH, Authorization=authorization)


def test_a_new_key_works_at_once(acme: Shop) -> None:
    acme.ok("search", SEARCH)
    now = datetime.now(UTC)
    credential, secret = create_api_credential(
        brand=acme.brand, name="second", methods=[], location_codes=[], created_by="tests", now=now
    )
    acme.ok("search", SEARCH, Authorization=basic(f"{credential.key}:{secret}"))


def test_a_key_does_only_what_its_scopes_allow(acme: Shop) -> None:
    credential, secret = create_api_credential(
        brand=acme.brand,
        name="narrow",
        methods=["search"],
        location_codes=["main-street"],
        created_by="tests",
        now=datetime.now(UTC),
    )
    authorization = basic(f"{credential.key}:{secret}")
    acme.ok("search", SEARCH, Authorization=authorization)
    refused(acme, 5, "cardHistory", {"cardNumber": "x"}, Authorization=authorization)
    refused(acme, 5, "search", SEARCH, Authorization=authorization, Location="harbour", Terminal="till-9")


def test_where_the_brand_demands_employees_a_wrong_or_missing_one_answers_5(acme: Shop) -> None:
    create_employee(brand=acme.brand, location=acme.location, code="alice", name="Alice", password="correct horse")
    create_employee(brand=acme.brand, location=acme.location, code="bob", name="Bob")
    acme.ok("search", SEARCH, employee="alice", employeePassword="wrong")
    acme.ok("search", SEARCH, employee="nobody")
    change_brand(acme, employee_required=True)
    assert acme.configuration.employee_required
    for headers in ({}, {"employee": "nobody"}, {"employee": "alice"}, {"employee": "alice", "employeePassword": "x"}):
        refused(acme, 5, "search", SEARCH, **headers)
    there = {"Location": "harbour", "Terminal": "till-9"}
    refused(acme, 5, "search", SEARCH, employee="bob", **there)
    acme.ok("search", SEARCH, employee="alice", employeePassword="correct horse")
    acme.ok("search", SEARCH, employee="bob")


def test_employee_note_and_external_id_are_kept_with_the_operation(acme: Shop) -> None:
    alice = create_employee(brand=acme.brand, location=acme.location, code="alice", name="Alice")
    body = {"cardNumber": acme.card(), "customCardNumber": "x"}
    headers = {"employee": "alice", "note": "Grüße", "externalTransactionId": "INV-1"}
    reference = acme.ok("updateAccount", body, **headers)["requestRef"]
    kept = Operation.objects.get(brand=acme.brand, id=reference)
    assert (kept.employee_id, kept.note, kept.external_id) == (alice.pk, "Grüße", "INV-1")
    assert (kept.location_id, kept.terminal_id) == (acme.location.pk, acme.terminal.pk)


@pytest.mark.parametrize(
    "names",
    [("BRAND", "LOCATION", "TERMINAL"), ("brand", "location", "terminal"), ("bRaNd", "lOcAtIoN", "tErMiNaL")],
)
def test_names_are_case_insensitive(acme: Shop, names: tuple[str, str, str]) -> None:
    headers = {name: acme.headers()[name.title()] for name in names} | {
        "AUTHORIZATION": acme.headers()["Authorization"]
    }
    response = acme.client.post("/merchant/search", b'{"filters":{}}', content_type="text/plain", headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize("verb", ["GET", "PUT", "PATCH", "DELETE", "HEAD", "TRACE"])
def test_other_verbs_answer_405_and_17(acme: Shop, verb: str) -> None:
    response = acme.client.generic(verb, "/merchant/search", headers=acme.headers())
    assert response.status_code == 405
    if verb != "HEAD":
        assert (response.json()["errorCode"], response.json()["success"]) == (17, False)


@pytest.mark.parametrize("path", ["/merchant/nothing", "/merchant/", "/merchant", "/merchant/renderTemplate"])
def test_unknown_methods_answer_404_and_17_before_anything_else(acme: Shop, path: str) -> None:
    for headers in (acme.headers(), {}):
        response = acme.client.post(path, b"{}", content_type="application/json", headers=headers)
        assert response.status_code == 404
        assert response.json()["errorCode"] == 17
        assert response.json()["requestRef"]


@pytest.mark.parametrize("path", ["/merchant/search", "/merchant/search/", "/search", "/search/"])
def test_methods_answer_below_merchant_and_at_the_root_with_or_without_a_slash(acme: Shop, path: str) -> None:
    assert acme.post("search", SEARCH, path=path).status == 200


def test_at_the_root_only_the_published_names_are_methods(acme: Shop) -> None:
    response = acme.client.post("/renderTemplate", b"{}", content_type="application/json", headers=acme.headers())
    assert "errorCode" not in response.content.decode()


def test_a_key_over_its_rate_answers_429_with_retry_after(acme: Shop) -> None:
    change_brand(acme, calls_per_minute=3)
    assert acme.configuration.calls_per_minute == 3
    for _ in range(3):
        acme.ok("search", SEARCH)
    reply = acme.post("search", b"{")
    assert (reply.status, reply.code) == (429, 4)
    assert 1 <= int(reply.headers["Retry-After"]) <= 60
