"""The OpenAPI 3.1 document of the JSON API, made from the wire types and the table of methods below."""

from dataclasses import dataclass
from typing import Any

import msgspec

from apps.kernel.errors import ErrorCode
from apps.merchant_api.methods.allocate import AllocateRequest, AllocateResponse
from apps.merchant_api.methods.card_history import CardHistoryRequest, CardHistoryResponse
from apps.merchant_api.methods.checkout import CheckoutRequest, CheckoutResponse
from apps.merchant_api.methods.checkout_lookup import CheckoutLookupRequest, CheckoutLookupResponse
from apps.merchant_api.methods.list_requests import ListRequestsRequest, ListRequestsResponse
from apps.merchant_api.methods.list_value_types import ListValueTypesRequest, ListValueTypesResponse
from apps.merchant_api.methods.reactivate import ReactivateRequest, ReactivateResponse
from apps.merchant_api.methods.request_lookup import RequestLookupRequest, RequestLookupResponse
from apps.merchant_api.methods.search import SearchRequest, SearchResponse
from apps.merchant_api.methods.update_account import UpdateAccountRequest, UpdateAccountResponse
from apps.merchant_api.methods.update_balance import UpdateBalanceRequest, UpdateBalanceResponse
from apps.merchant_api.methods.void_transaction import VoidRequest, VoidResponse
from apps.merchant_api.wire.common import ErrorResponse
from apps.merchant_api.wire.schema import components

API_VERSION = "2.0"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method: its name on the wire, its types, and what it does."""

    name: str
    request: type[msgspec.Struct]
    response: type[msgspec.Struct]
    summary: str


OPERATIONS = (
    Operation("allocate", AllocateRequest, AllocateResponse, "Activate a card"),
    Operation("cardHistory", CardHistoryRequest, CardHistoryResponse, "Earlier calls of a card"),
    Operation("checkout", CheckoutRequest, CheckoutResponse, "Record what was bought"),
    Operation("checkoutLookup", CheckoutLookupRequest, CheckoutLookupResponse, "An earlier checkout in full"),
    Operation("listRequests", ListRequestsRequest, ListRequestsResponse, "Calls with an external transaction id"),
    Operation("listValueTypes", ListValueTypesRequest, ListValueTypesResponse, "What a card can hold"),
    Operation("reactivate", ReactivateRequest, ReactivateResponse, "Make a suspended card active again"),
    Operation("requestLookup", RequestLookupRequest, RequestLookupResponse, "What an earlier call was and did"),
    Operation("search", SearchRequest, SearchResponse, "Find cards"),
    Operation("updateAccount", UpdateAccountRequest, UpdateAccountResponse, "Change a customer, enrol"),
    Operation("updateBalance", UpdateBalanceRequest, UpdateBalanceResponse, "Issue, redeem, hold or adjust value"),
    Operation("voidTransaction", VoidRequest, VoidResponse, "Take an earlier call back"),
)

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
        "paths": {f"/merchant/{operation.name}": {"post": _operation(operation)} for operation in OPERATIONS},
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
    pairs = [(operation.request, operation.response) for operation in OPERATIONS]
    return [model for pair in pairs for model in pair] + [ErrorResponse]


def _operation(operation: Operation) -> dict[str, Any]:
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name, _, _ in HEADERS],
        "requestBody": {"required": True, "content": _json(operation.request)},
        "responses": {
            "200": {"description": "The call was carried out.", "content": _json(operation.response)},
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
