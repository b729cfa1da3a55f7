"""The OpenAPI 3.1 document of the JSON API, made from the table of methods and their wire types."""

from typing import Any

import msgspec

from apps.kernel.errors import ErrorCode
from apps.merchant_api.table import METHODS, Method
from apps.merchant_api.wire.common import ErrorResponse
from apps.merchant_api.wire.schema import components

API_VERSION = "2.0"


HEADERS = (
    ("Brand", True, "Id of the brand."),
    ("Location", True, "Id of the location that calls."),
    ("Terminal", True, "Id of the terminal that calls; it belongs to the location."),
    ("customRequestId", False, "An id of your own. The call is carried out once, however often it is sent."),
    ("externalTransactionId", False, "An id of your own to find the call by."),
    ("note", False, "A note that is kept with the call."),
    ("employee", False, "Number of the employee who calls."),
    ("employeePassword", False, "Password of that employee."),
)

REFUSALS = {
    "400": "The call was refused; errorCode says why.",
    "401": "Key, secret and brand do not fit together.",
    "404": "There is no such method.",
    "405": "Methods are called with POST.",
    "429": "Too many calls; wait and try again.",
    "500": "Our fault; nothing was changed.",
}


def document(base_url: str) -> dict[str, Any]:
    """The whole document; `base_url` is what `/merchant/<method>` is appended to."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Merchant API", "version": API_VERSION, "description": _introduction()},
        "servers": [{"url": base_url}],
        "security": [{"apiKey": []}],
        "paths": {f"/merchant/{name}": {"post": _operation(name, method)} for name, method in METHODS.items()},
        "components": {
            "schemas": components(_models()),
            "parameters": {name: _header(name, required, text) for name, required, text in HEADERS},
            "responses": {status: _refusal(status, text) for status, text in REFUSALS.items()},
            "securitySchemes": {
                "apiKey": {"type": "http", "scheme": "basic", "description": "API key as user, its secret as password."}
            },
        },
    }


def _introduction() -> str:
    codes = "\n".join(f"* {code.value}: {code.name.replace('_', ' ').lower()}" for code in ErrorCode)
    return f"Cards, balances and checkouts. A refused call carries an `errorCode`:\n\n{codes}"


def _models() -> list[type[msgspec.Struct]]:
    pairs = [(method.request, method.response) for method in METHODS.values()]
    return [model for pair in pairs for model in pair] + [ErrorResponse]


def _operation(name: str, method: Method) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": method.summary,
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name, _, _ in HEADERS],
        "requestBody": {"required": True, "content": _json(method.request)},
        "responses": {
            "200": {"description": "The call was carried out.", "content": _json(method.response)},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in REFUSALS},
        },
    }


def _header(name: str, required: bool, text: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "description": text, "schema": {"type": "string"}}


def _refusal(status: str, text: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": text, "content": _json(ErrorResponse)}
    if status == "429":
        seconds = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
        answer["headers"] = {"Retry-After": seconds}
    return answer


def _json(model: type[msgspec.Struct]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}
