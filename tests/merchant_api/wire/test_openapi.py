"""The OpenAPI document."""

import json
from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from apps.merchant_api.methods.checkout import CheckoutResponse
from apps.merchant_api.openapi import document
from apps.merchant_api.table import METHODS
from apps.merchant_api.wire.balances import CardBalance
from apps.merchant_api.wire.common import ErrorResponse
from apps.merchant_api.wire.json import render

DOCUMENT = document("https://api.example.com")


def validator(name: str) -> Any:
    return jsonschema_rs.validator_for({"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]})


def test_the_document_is_valid_openapi_3_1() -> None:
    OPENAPI_31_VALIDATOR.validate(json.loads(render(DOCUMENT)))


def test_every_schema_is_valid_json_schema() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema | {"$schema": "https://json-schema.org/draft/2020-12/schema"})


def test_every_reference_leads_somewhere() -> None:
    references: set[str] = set()

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            references.update(item for name, item in value.items() if name == "$ref")
            for item in value.values():
                collect(item)
        elif isinstance(value, list):
            for item in value:
                collect(item)

    collect(DOCUMENT)
    for reference in references:
        part: Any = DOCUMENT
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]


def test_each_method_is_one_operation_of_that_name() -> None:
    for name in METHODS:
        assert DOCUMENT["paths"][f"/merchant/{name}"]["post"]["operationId"] == name
    assert len(DOCUMENT["paths"]) == len(METHODS)


def test_amounts_are_numbers_and_bounds_are_told() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["CardBalance"]["properties"]["amount"]["type"] == "number"
    assert "decimal" not in json.dumps(schemas).replace("decimalValue", "").replace("three decimals", "").replace(
        "no decimals", ""
    ).replace("Decimals of", "")
    assert schemas["SearchRequest"]["properties"]["limit"]["anyOf"][0] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 25,
    }
    assert schemas["SearchRequest"]["properties"]["limit"]["default"] == 10
    assert schemas["SearchRequest"]["required"] == ["filters"]
    assert schemas["CardBalance"]["required"] == ["amount", "balanceType"]


@pytest.mark.parametrize(
    ("name", "body", "is_valid"),
    [
        ("ReactivateRequest", {"cardNumber": 12, "pin": None}, True),
        ("ReactivateRequest", {"cardNumber": ""}, False),
        ("ReactivateRequest", {}, False),
        ("SearchRequest", {"filters": {}, "limit": "10", "unknown": 1}, True),
        ("SearchRequest", {"filters": {}, "limit": 26}, False),
        ("SearchRequest", {"filters": None}, False),
        ("CheckoutRequest", {"products": [{"sku": 1, "unitPrice": "19.9900"}], "coupons": None}, True),
        ("CheckoutRequest", {"products": [None]}, False),
        ("CheckoutRequest", {"trigger": "visit"}, False),
        ("CheckoutRequest", {"isSetup": "true"}, False),
        ("UpdateAccountRequest", {"cardNumber": "1", "primaryCustomer": {"birthday": "", "gender": ""}}, True),
        ("UpdateAccountRequest", {"cardNumber": "1", "primaryCustomer": {"birthday": "1.1.2030"}}, False),
        ("CardHistoryRequest", {"cardNumber": "1", "maxResults": 5000}, True),
    ],
)
def test_request_schemas_say_what_the_binder_does(name: str, body: dict[str, Any], is_valid: bool) -> None:
    assert validator(name).is_valid(body) is is_valid


def test_answers_fit_their_schemas() -> None:
    balance = CardBalance(amount=Decimal("5.00"), balance_type="Points", scale=0)
    answer = CheckoutResponse(request_ref="r", balances=[balance], total_discount=Decimal("0.00"))
    assert validator("CheckoutResponse").is_valid(json.loads(render(answer)))
    refusal = ErrorResponse(request_ref="r", error_message="m", error_code=9)
    assert validator("ErrorResponse").is_valid(json.loads(render(refusal)))
