"""Examples of requests."""

from typing import Any

import jsonschema_rs
import pytest

from apps.merchant_api.openapi import document
from apps.merchant_api.table import METHODS
from apps.merchant_api.wire.binder import bind
from apps.merchant_api.wire.example import example
from apps.merchant_api.wire.json import parse, render
from tests.shop import Shop

COMPONENTS = document("https://api.example.com")["components"]


@pytest.mark.parametrize("name", METHODS)
def test_every_example_is_a_request_and_fits_its_schema(name: str) -> None:
    model = METHODS[name].request
    sent: dict[str, Any] = parse(render(example(model)))
    bind(model, sent)
    schema = {"$ref": f"#/components/schemas/{model.__name__}", "components": COMPONENTS}
    assert jsonschema_rs.validator_for(schema).is_valid(sent)


@pytest.mark.generated
@pytest.mark.parametrize("name", METHODS)
def test_no_example_is_refused_for_its_form_or_its_values(acme: Shop, name: str) -> None:
    reply = acme.post(name, render(example(METHODS[name].request)))
    assert reply.code not in (1, 6, 9), reply.text


def test_an_example_is_in_the_document() -> None:
    content = document("https://api.example.com")["paths"]["/merchant/search"]["post"]["requestBody"]["content"]
    assert content["application/json"]["example"]["limit"] == 5
