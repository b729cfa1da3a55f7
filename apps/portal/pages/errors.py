"""Pages for what goes wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control

never_kept = cache_control(private=True, no_store=True)


@never_kept
def forbidden(http: HttpRequest, exception: Exception) -> HttpResponse:
    """403: logged in, but without the right."""
    return render(http, "portal/errors/403.html", {"reason": str(exception)}, status=403)


@never_kept
def not_found(http: HttpRequest, exception: Exception) -> HttpResponse:
    """404: also for what exists but is not the visitor's to know of."""
    return render(http, "portal/errors/404.html", status=404)


@never_kept
def failed(http: HttpRequest) -> HttpResponse:
    """500: drawn without database, session and context processors, since one of them may be what failed."""
    return HttpResponse(render_to_string("portal/errors/500.html"), status=500)
