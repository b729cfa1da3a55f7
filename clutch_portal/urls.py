"""The table of contents of all pages and endpoints."""

from django.urls import include, path

from apps.merchant_api import documents
from clutch_portal import health

# `/merchant/<method>` and `/<method>` never come this far: see `apps.merchant_api.gateway`.
urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("api/openapi.json", documents.openapi, name="openapi"),
    path("accounts/", include("apps.accounts.urls")),
    path("", include("apps.portal.urls")),
]

handler403 = "apps.portal.pages.errors.forbidden"
handler404 = "apps.portal.pages.errors.not_found"
handler500 = "apps.portal.pages.errors.failed"
