"""Calls of the JSON API leave the chain of middleware here: sessions, CSRF and CSP are for the portal's pages."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from apps.kernel.methods import METHODS
from apps.merchant_api.view import merchant_view

PREFIX = "/merchant/"
_AT_THE_ROOT = {f"/{name}" for name in METHODS}


class MerchantGateway:
    """Answers `/merchant/<method>`, and `/<method>` for the published names, with or without a slash behind."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        method = called_method(request.path_info)
        if method is None:
            return self.get_response(request)
        return merchant_view(request, method=method)


def called_method(path: str) -> str | None:
    """The method that a path calls; None for a path of the portal. `/merchant` alone calls a method without a name."""
    if path.startswith(PREFIX) or path == PREFIX[:-1]:
        return path[len(PREFIX) :].removesuffix("/")
    bare = path.removesuffix("/")
    return bare[1:] if bare in _AT_THE_ROOT else None
