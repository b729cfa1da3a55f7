"""The table of contents of all pages and endpoints."""

from django.urls import include, path

from apps.merchant_api import documents

# `/merchant/<method>` and `/<method>` never come this far: see `apps.merchant_api.gateway`. Nor do `/healthz` and
# `/readyz`: see `clutch_portal.health`.
urlpatterns = [
    path("api/openapi.json", documents.openapi, name="openapi"),
    path("accounts/", include("apps.accounts.urls")),
    path("", include("apps.portal.urls")),
]

handler403 = "apps.portal.pages.errors.forbidden"
handler404 = "apps.portal.pages.errors.not_found"
handler500 = "apps.portal.pages.errors.failed"
