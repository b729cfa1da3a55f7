"""The OpenAPI 3.1 document of the JSON API, made from the table of methods and their wire types."""

from typing import Any

import msgspec

from apps.kernel.errors import ErrorCode
from apps.merchant_api.explained import AUTHORIZATION, CODES, HEADERS, STATUSES, Header, label
from apps.merchant_api.table import METHODS, Method
from apps.merchant_api.wire.common import ErrorResponse
from apps.merchant_api.wire.example import example
from apps.merchant_api.wire.schema import Schema, components

API_VERSION = "2.0"
TITLE = "Merchant API"


def document(base_url: str) -> dict[str, Any]:
    """The whole document; `base_url` is what `/merchant/<method>` is appended to."""
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": API_VERSION, "description": introduction()},
        "externalDocs": {"url": f"{base_url}/api/guide/", "description": "The guide, with examples in four languages."},
        "servers": [{"url": base_url}],
        "security": [{"apiKey": []}],
        "paths": {f"/merchant/{name}": {"post": _operation(name, method)} for name, method in METHODS.items()},
        "components": {
            "schemas": _schemas(),
            "parameters": {header.name: _header(header) for header in HEADERS},
            "responses": {str(status): _refusal(status, text) for status, text in STATUSES.items()},
            "securitySchemes": {"apiKey": {"type": "http", "scheme": "basic", "description": AUTHORIZATION}},
        },
    }


def introduction() -> str:
    """What all methods have in common, and the error codes, as Markdown."""
    codes = "\n".join(
        f"* {code.value} ({label(code)}): {meaning.text}{' Try again.' if meaning.retry else ''}"
        for code, meaning in CODES.items()
    )
    return (
        "Cards, value, coupons and checkouts of one brand. Every call is a POST of a JSON object; every answer is a"
        f" JSON object with a `requestRef`. Authorization is {AUTHORIZATION} Send a `customRequestId` with what must"
        " not happen twice, and send the same one again after a time-out. A refused call changes nothing and carries an"
        f" `errorCode`:\n\n{codes}"
    )


def models() -> list[type[msgspec.Struct]]:
    """The wire types of all requests and answers."""
    pairs = [(method.request, method.response) for method in METHODS.values()]
    return [model for pair in pairs for model in pair] + [ErrorResponse]


def _schemas() -> dict[str, Schema]:
    schemas = components(models())
    schemas["ErrorResponse"]["properties"]["errorCode"] |= {
        "enum": [code.value for code in ErrorCode],
        "x-enum-varnames": [code.name for code in ErrorCode],
        "x-enum-descriptions": [CODES[code].text for code in ErrorCode],
    }
    return schemas


def _operation(name: str, method: Method) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": method.summary,
        "parameters": [{"$ref": f"#/components/parameters/{header.name}"} for header in HEADERS],
        "requestBody": {"required": True, "content": _json(method.request, example=example(method.request))},
        "responses": {
            "200": {"description": "The call was carried out.", "content": _json(method.response)},
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in STATUSES},
        },
    }


def _header(header: Header) -> dict[str, Any]:
    return {
        "name": header.name,
        "in": "header",
        "required": header.required,
        "description": header.text,
        "schema": {"type": "string"},
    }


def _refusal(status: int, text: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": text, "content": _json(ErrorResponse)}
    if status == 429:
        seconds = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
        answer["headers"] = {"Retry-After": seconds}
    return answer


def _json(model: type[msgspec.Struct], **more: Any) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}, **more}}
