"""The Swagger 1.2 documents: valid, and free of what no validator looks for."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings
from swagger_spec_validator.validator12 import validate_api_declaration, validate_resource_listing

from apps.merchant_api.explained import HEADERS
from apps.merchant_api.openapi import models
from apps.merchant_api.swagger import declaration, listing
from apps.merchant_api.table import METHODS
from apps.merchant_api.wire.fields import EPOCH
from apps.merchant_api.wire.json import render
from apps.merchant_api.wire.spec import Field, fields_of, models_below

DOCUMENT: dict[str, Any] = json.loads(render(declaration("http://api.example.com")))
OPERATIONS = [operation for api in DOCUMENT["apis"] for operation in api["operations"]]
FIELDS = [
    (model.__name__, field)
    for model in dict.fromkeys(below for root in models() for below in models_below(root))
    for field in fields_of(model)
    if not field.facts.sent_keys
]

# The words of the specification (5.2.3 and below); validators let other ones pass.
DECLARATION_KEYS = {
    *("swaggerVersion", "apiVersion", "basePath", "resourcePath", "apis", "models"),
    *("produces", "consumes", "authorizations"),
}
OPERATION_KEYS = {"method", "nickname", "summary", "type", "authorizations", "parameters", "responseMessages"}
PARAMETER_KEYS = {"paramType", "name", "description", "required", "type"}
MODEL_KEYS = {"id", "description", "required", "properties"}
PROPERTY_KEYS = {"type", "$ref", "format", "items", "description", "enum", "minimum", "maximum", "defaultValue"}


def test_the_validator_accepts_both_documents() -> None:
    validate_resource_listing(json.loads(render(listing())))
    validate_api_declaration(DOCUMENT)


def test_nicknames_are_unique_and_are_the_methods() -> None:
    assert Counter(operation["nickname"] for operation in OPERATIONS) == Counter(list(METHODS))
    assert [api["path"] for api in DOCUMENT["apis"]] == [f"/merchant/{name}" for name in METHODS]


def test_each_operation_has_one_body_by_the_name_of_body() -> None:
    for operation in OPERATIONS:
        bodies = [each for each in operation["parameters"] if each["paramType"] == "body"]
        assert [body["name"] for body in bodies] == ["body"]
        assert bodies[0]["type"] == METHODS[operation["nickname"]].request.__name__
        assert operation["type"] == METHODS[operation["nickname"]].response.__name__


def test_each_operation_names_headers_statuses_and_authorization() -> None:
    for operation in OPERATIONS:
        headers = {each["name"]: each["required"] for each in operation["parameters"] if each["paramType"] == "header"}
        assert headers == {header.name: header.required for header in HEADERS}
        assert {each["code"] for each in operation["responseMessages"]} == {400, 401, 404, 405, 429, 500}
        assert "basicAuth" in operation["authorizations"]
    assert listing()["authorizations"] == {"basicAuth": {"type": "basicAuth"}}


def test_only_words_of_the_specification_are_used() -> None:
    assert set(DOCUMENT) <= DECLARATION_KEYS
    for operation in OPERATIONS:
        assert set(operation) <= OPERATION_KEYS
        assert all(set(parameter) <= PARAMETER_KEYS for parameter in operation["parameters"])
    for model in DOCUMENT["models"].values():
        assert set(model) <= MODEL_KEYS
        assert all(set(each) <= PROPERTY_KEYS for each in model["properties"].values())


def test_every_reference_leads_to_a_model() -> None:
    def names(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            yield from (value[key] for key in ("$ref", "responseModel") if isinstance(value.get(key), str))
            for below in value.values():
                yield from names(below)
        elif isinstance(value, list):
            for below in value:
                yield from names(below)

    types = {each["type"] for operation in OPERATIONS for each in (operation, operation["parameters"][-1])}
    assert {*names(DOCUMENT), *types} <= set(DOCUMENT["models"])
    assert all(model["id"] == name for name, model in DOCUMENT["models"].items())
    assert all(set(model.get("required", [])) <= set(model["properties"]) for model in DOCUMENT["models"].values())


@pytest.mark.parametrize(("model", "field"), FIELDS, ids=lambda value: value if isinstance(value, str) else value.name)
def test_each_field_tells_type_bounds_values_and_default(model: str, field: Field) -> None:
    told = DOCUMENT["models"][model]["properties"][field.name]
    assert told["description"].startswith(field.description)
    assert (told.get("type") == "array") is field.many
    plain = told["items"] if field.many else told
    assert plain == plain | ({"$ref": field.model.__name__} if field.model else {"type": _json_type(field)})
    if field.many or field.model:
        return
    facts = field.facts
    assert told.get("enum", []) == list(facts.allowed)
    assert told.get("minimum") == (None if facts.minimum is None else str(facts.minimum))
    assert told.get("maximum") == (None if facts.maximum is None or facts.clamp else str(facts.maximum))
    assert (told.get("format") == "int64") is (facts.format == EPOCH)


def _json_type(field: Field) -> str:
    return {"moment": "string", "date": "string"}.get(field.kind, field.kind)


@pytest.mark.parametrize(
    ("model", "name", "wanted"),
    [
        ("SearchRequest", "limit", {"type": "integer", "minimum": "1", "maximum": "25", "defaultValue": 10}),
        ("CheckoutRequest", "trigger", {"enum": ["checkout", "date", "social"], "defaultValue": "checkout"}),
        ("CheckoutRequest", "coupons", {"type": "array", "items": {"type": "string"}}),
        ("CheckoutRequest", "failOnUnusedCoupons", {"type": "boolean", "defaultValue": True}),
        ("CheckoutProduct", "amountPurchased", {"type": "number", "minimum": "0", "defaultValue": 1}),
    ],
)
def test_some_fields_as_they_are(model: str, name: str, wanted: dict[str, Any]) -> None:
    told = DOCUMENT["models"][model]["properties"][name]
    assert told == told | wanted


def test_what_the_version_has_no_word_for_is_said() -> None:
    def said(model: str, name: str) -> str:
        return str(DOCUMENT["models"][model]["properties"][name]["description"])

    assert "At most 10 entries." in said("CheckoutRequest", "coupons")
    assert "At most 64 characters." in said("UpdateAccountRequest", "customCardNumber")
    assert "Form: yyyy-MM-dd HH:mm:ss." in said("UpdateBalanceRequest", "issuedBalanceExpiration")
    assert "More than 100 counts as 100." in said("CardHistoryRequest", "maxResults")
    assert "brand feature prefixes" in said("SearchFilters", "firstNamePrefix")


@override_settings(PUBLIC_URL="http://pages.example.com")
@pytest.mark.parametrize("slash", ["", "/"])
def test_anybody_may_fetch_them_from_anywhere(slash: str) -> None:
    for path in ("/api-docs", "/api-docs/merchant"):
        answer = Client().get(path + slash)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/json; charset=utf-8"
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["basePath"] == "http://pages.example.com"
    assert Client().post("/api-docs").status_code == 405
