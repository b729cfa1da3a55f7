"""The Swagger 1.2 documents of the JSON API, made from the table of methods and their wire types.

Two of them, as that version wants it: a listing at `/api-docs`, which leads to the declaration at `/api-docs/merchant`.
"""

from typing import Any

from apps.merchant_api.explained import HEADERS, STATUSES, Header
from apps.merchant_api.openapi import API_VERSION, TITLE, introduction, models
from apps.merchant_api.table import METHODS, Method
from apps.merchant_api.wire.common import ErrorResponse
from apps.merchant_api.wire.swagger_models import swagger_models

_VERSIONS = {"swaggerVersion": "1.2", "apiVersion": API_VERSION}
_RESOURCE = "/merchant"
_JSON = ["application/json"]


def listing() -> dict[str, Any]:
    """What there is: one resource."""
    return _VERSIONS | {
        "info": {"title": TITLE, "description": introduction()},
        "authorizations": {"basicAuth": {"type": "basicAuth"}},
        "apis": [{"path": _RESOURCE, "description": "All methods."}],
    }


def declaration(base_url: str) -> dict[str, Any]:
    """The methods; `base_url` is what `/merchant/<method>` is appended to, absolute because clients of 1.2 need it."""
    return _VERSIONS | {
        "basePath": base_url,
        "resourcePath": _RESOURCE,
        "produces": _JSON,
        "consumes": _JSON,
        "apis": [
            {"path": f"{_RESOURCE}/{name}", "description": method.summary, "operations": [_operation(name, method)]}
            for name, method in METHODS.items()
        ],
        "models": swagger_models(models()),
    }


def _operation(name: str, method: Method) -> dict[str, Any]:
    return {
        "method": "POST",
        "nickname": name,
        "summary": method.summary,
        "type": method.response.__name__,
        "authorizations": {"basicAuth": []},
        "parameters": [*(_header(header) for header in HEADERS), _body(method)],
        "responseMessages": [
            {"code": status, "message": text, "responseModel": ErrorResponse.__name__}
            for status, text in STATUSES.items()
        ],
    }


def _header(header: Header) -> dict[str, Any]:
    return {
        "paramType": "header",
        "name": header.name,
        "description": header.text,
        "required": header.required,
        "type": "string",
    }


def _body(method: Method) -> dict[str, Any]:
    """Clients of 1.2 know the body by the name `body` only."""
    return {
        "paramType": "body",
        "name": "body",
        "description": (method.request.__doc__ or "").partition("\n")[0],
        "required": True,
        "type": method.request.__name__,
    }
