"""The documents that machines read."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.merchant_api.openapi import document
from apps.merchant_api.wire.json import render


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document of the methods that are there."""
    return HttpResponse(render(document(settings.PUBLIC_URL)), content_type="application/json; charset=utf-8")
