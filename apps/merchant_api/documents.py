"""The documents that machines read. They are public, and pages of other sites may fetch them."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from apps.merchant_api.openapi import document
from apps.merchant_api.swagger import declaration, listing
from apps.merchant_api.wire.json import render

kept_a_while = cache_control(public=True, max_age=300)


@require_safe
@kept_a_while
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document of the methods that are there."""
    return _json(document(settings.PUBLIC_URL))


@require_safe
@kept_a_while
def swagger_listing(request: HttpRequest) -> HttpResponse:
    """The Swagger 1.2 resource listing."""
    return _json(listing())


@require_safe
@kept_a_while
def swagger_declaration(request: HttpRequest) -> HttpResponse:
    """The Swagger 1.2 declaration of the methods that are there."""
    return _json(declaration(settings.PUBLIC_URL))


def _json(value: dict[str, Any]) -> HttpResponse:
    return HttpResponse(
        render(value),
        content_type="application/json; charset=utf-8",
        headers={"Access-Control-Allow-Origin": "*"},
    )
